-- Gaztime delivers cooking gas from neighbourhood pods: 10 tables that nothing holds together.
-- As it stood before its migration of February 2026: without its 11 foreign keys and 7 of its indexes.
-- run: psql -1 -v ON_ERROR_STOP=1 -f schema.sql

create type public.order_status as enum ('pending', 'assigned', 'on_the_way', 'delivered', 'cancelled');
create type public.wallet_movement as enum ('deposit', 'withdrawal', 'refund');

create table public.users (
    id text primary key,
    email text not null constraint users_email_key unique,
    full_name text not null,
    role text not null constraint users_role_check check (role in ('admin', 'operator', 'driver', 'support')),
    is_active boolean not null default true,
    created_at timestamptz not null default now()
);
comment on table public.users is 'Staff accounts: whoever signs in to the back office or the driver app.';

create table public.vehicles (
    id text primary key,
    registration text not null constraint vehicles_registration_key unique,
    model text not null,
    capacity_kg integer not null constraint vehicles_capacity_check check (capacity_kg > 0),
    in_service boolean not null default true
);
comment on table public.vehicles is 'Motorcycles, tuk-tuks and vans.';

create table public.pods (
    id text primary key,
    name text not null constraint pods_name_key unique,
    area text not null,
    latitude numeric(9, 6) not null,
    longitude numeric(9, 6) not null,
    operator_id text not null,
    opened_on date not null,
    closed_on date,
    constraint pods_closed_after_opened check (closed_on >= opened_on)
);
comment on table public.pods is 'Neighbourhood depots where full cylinders wait.';
comment on column public.pods.operator_id is 'Who runs the pod: users.id.';

create table public.products (
    id text primary key,
    sku text not null constraint products_sku_key unique,
    name text not null,
    weight_kg numeric(6, 2) not null,
    price numeric(10, 2) not null constraint products_price_check check (price >= 0),
    is_listed boolean not null default true
);
comment on table public.products is 'Cylinders and accessories on sale.';

create table public.customers (
    id text primary key,
    phone text not null constraint customers_phone_key unique,
    full_name text not null,
    email text,
    referral_code text not null constraint customers_referral_code_key unique,
    referred_by text,
    delivery_address jsonb not null default '{}',
    created_at timestamptz not null default now()
);
comment on table public.customers is 'Households and shops that order gas.';
comment on column public.customers.referred_by is 'The customer whose code was used to sign up: customers.id.';

create table public.drivers (
    id text primary key,
    user_id text not null,
    vehicle_id text,
    license_number text not null constraint drivers_license_number_key unique,
    status text not null default 'offline'
        constraint drivers_status_check check (status in ('offline', 'available', 'delivering')),
    rating numeric(3, 2) constraint drivers_rating_check check (rating between 1 and 5),
    joined_on date not null
);
comment on table public.drivers is 'The driver side of a user account.';
create index drivers_status_idx on public.drivers (status);

create table public.wallets (
    id text primary key,
    customer_id text not null constraint wallets_customer_key unique,
    balance numeric(12, 2) not null default 0 constraint wallets_balance_check check (balance >= 0),
    currency char(3) not null default 'ZAR',
    created_at timestamptz not null default now()
);
comment on table public.wallets is 'Prepaid credit, one wallet a customer.';

create table public.wallet_transactions (
    id text primary key,
    wallet_id text not null,
    type public.wallet_movement not null,
    amount numeric(12, 2) not null constraint wallet_transactions_amount_check check (amount > 0),
    reference text,
    created_at timestamptz not null default now()
);
comment on table public.wallet_transactions is 'The ledger of the wallets: rows are added, never changed.';
create index wallet_transactions_wallet_idx on public.wallet_transactions (wallet_id);

create table public.subscriptions (
    id text primary key,
    customer_id text not null,
    product_id text not null,
    quantity integer not null default 1 constraint subscriptions_quantity_check check (quantity > 0),
    every_days integer not null constraint subscriptions_every_days_check check (every_days between 7 and 90),
    next_delivery_date date,
    status text not null default 'active'
        constraint subscriptions_status_check check (status in ('active', 'paused', 'ended')),
    created_at timestamptz not null default now()
);
comment on table public.subscriptions is 'A cylinder every so many days until the customer says stop.';
create index subscriptions_customer_idx on public.subscriptions (customer_id);

create table public.orders (
    id text primary key,
    reference text not null constraint orders_reference_key unique,
    customer_id text,
    driver_id text,
    pod_id text,
    status public.order_status not null default 'pending',
    items jsonb not null,
    total numeric(10, 2) not null constraint orders_total_check check (total >= 0),
    created_at timestamptz not null default now(),
    delivered_at timestamptz,
    constraint orders_delivered_after_created check (delivered_at >= created_at)
);
comment on table public.orders is 'What was ordered, who brought it and from which pod.';
create index orders_customer_idx on public.orders (customer_id);
create index orders_driver_idx on public.orders (driver_id);
create index orders_status_created_idx on public.orders (status, created_at);
