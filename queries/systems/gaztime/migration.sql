-- ============================================================================
-- Gaztime Database: Add Foreign Key Constraints & Indexes
-- Task #235 - February 14, 2026
-- ============================================================================

BEGIN;

-- ----------------------------------------------------------------------------
-- 1. ADD MISSING INDEXES (do this first for better FK constraint performance)
-- ----------------------------------------------------------------------------

CREATE INDEX IF NOT EXISTS drivers_user_idx ON drivers(user_id);
CREATE INDEX IF NOT EXISTS customers_referred_by_idx ON customers(referred_by);
CREATE INDEX IF NOT EXISTS pods_operator_idx ON pods(operator_id);
CREATE INDEX IF NOT EXISTS subscriptions_product_idx ON subscriptions(product_id);
CREATE INDEX IF NOT EXISTS subscriptions_next_delivery_idx ON subscriptions(next_delivery_date);
CREATE INDEX IF NOT EXISTS wallet_transactions_type_idx ON wallet_transactions(type);
CREATE INDEX IF NOT EXISTS orders_pod_idx ON orders(pod_id);

-- ----------------------------------------------------------------------------
-- 2. ADD FOREIGN KEY CONSTRAINTS
-- ----------------------------------------------------------------------------

-- Orders table
ALTER TABLE orders
  ADD CONSTRAINT fk_orders_customer
  FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE SET NULL;

ALTER TABLE orders
  ADD CONSTRAINT fk_orders_driver
  FOREIGN KEY (driver_id) REFERENCES drivers(id) ON DELETE SET NULL;

ALTER TABLE orders
  ADD CONSTRAINT fk_orders_pod
  FOREIGN KEY (pod_id) REFERENCES pods(id) ON DELETE SET NULL;

-- Customers table (self-referencing)
ALTER TABLE customers
  ADD CONSTRAINT fk_customers_referrer
  FOREIGN KEY (referred_by) REFERENCES customers(id) ON DELETE SET NULL;

-- Drivers table
ALTER TABLE drivers
  ADD CONSTRAINT fk_drivers_user
  FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

ALTER TABLE drivers
  ADD CONSTRAINT fk_drivers_vehicle
  FOREIGN KEY (vehicle_id) REFERENCES vehicles(id) ON DELETE SET NULL;

-- Wallets table
ALTER TABLE wallets
  ADD CONSTRAINT fk_wallets_customer
  FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE CASCADE;

-- Wallet transactions table
ALTER TABLE wallet_transactions
  ADD CONSTRAINT fk_wallet_transactions_wallet
  FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE;

-- Subscriptions table
ALTER TABLE subscriptions
  ADD CONSTRAINT fk_subscriptions_customer
  FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE CASCADE;

ALTER TABLE subscriptions
  ADD CONSTRAINT fk_subscriptions_product
  FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE RESTRICT;

-- Pods table
ALTER TABLE pods
  ADD CONSTRAINT fk_pods_operator
  FOREIGN KEY (operator_id) REFERENCES users(id) ON DELETE SET NULL;

COMMIT;
