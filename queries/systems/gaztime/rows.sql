-- Rows of gaztime: 5,000 for every unit of scale, the same on every version and every machine.
-- run: psql -1 -v ON_ERROR_STOP=1 -v scale=1 -f rows.sql
--
-- Accounts, customers, products, drivers and wallets that are gone have left gaps in the numbers, and some of
-- the rows that knew them are still there: those are the orphans. How many of each: faults.toml.

-- A number from 1 to n that looks random and depends on its seed alone.
create function pg_temp.pick(seed text, n bigint) returns bigint language sql immutable as
$$ select 1 + ('x' || substr(md5(seed), 1, 12))::bit(48)::bigint % n $$;

create function pg_temp.id(prefix text, i bigint) returns text language sql immutable as
$$ select prefix || '_' || lpad(i::text, greatest(6, length(i::text)), '0') $$;

-- The j-th number that is left when the last `gone` of every `block` numbers are taken away.
create function pg_temp.left_over(j bigint, block bigint, gone bigint) returns bigint language sql immutable as
$$ select j + (j - 1) / (block - gone) * gone $$;

create function pg_temp.person(seed text) returns text language sql immutable as
$$ select (array['Amahle', 'Bongani', 'Chipo', 'Dineo', 'Esihle', 'Farai', 'Gugu', 'Hamza', 'Imani', 'Jabu',
                 'Kagiso', 'Lerato', 'Mpho', 'Naledi', 'Omari', 'Palesa', 'Refilwe', 'Sipho', 'Thandi', 'Zola']
         )[pg_temp.pick('given ' || seed, 20)]
       || ' ' ||
          (array['Botha', 'Dlamini', 'Gumede', 'Khumalo', 'Mabaso', 'Mokoena', 'Molefe', 'Naidoo', 'Ncube', 'Ndlovu',
                 'Nkosi', 'Petersen', 'Radebe', 'Sithole', 'Tshabalala', 'Zulu']
         )[pg_temp.pick('family ' || seed, 16)] $$;

-- Of every 103 accounts: 42 drivers (the 20th and 41st are gone), 20 operators (the last is gone), 41 others.
insert into public.users (id, email, full_name, role, is_active, created_at)
select pg_temp.id('usr', i),
       'user' || i || '@gaztime.example',
       pg_temp.person('user ' || i),
       case when place <= 42 then 'driver'
            when place <= 62 then 'operator'
            when place % 10 = 0 then 'admin'
            else 'support' end,
       place % 17 <> 0,
       timestamptz '2024-03-01 06:00:00+00' + make_interval(mins => pg_temp.pick('user since ' || i, 900000)::int)
  from generate_series(1, 103 * :scale::bigint) as i
 cross join lateral (select (i - 1) % 103 + 1 as place) as p
 where place not in (20, 41, 62);

insert into public.vehicles (id, registration, model, capacity_kg, in_service)
select pg_temp.id('veh', i),
       'GT ' || lpad(i::text, greatest(5, length(i::text)), '0') || ' GP',
       (array['Bajaj Boxer', 'Piaggio Ape', 'Toyota Hilux'])[1 + i % 3],
       (array[60, 350, 1000])[1 + i % 3],
       i % 15 <> 0
  from generate_series(1, 24 * :scale::bigint) as i;

-- The account of every 20th pod's operator is gone.
insert into public.pods (id, name, area, latitude, longitude, operator_id, opened_on, closed_on)
select pg_temp.id('pod', i),
       area || ' pod ' || i,
       area,
       -26.300000 + pg_temp.pick('latitude ' || i, 300000) / 1000000.0,
       27.800000 + pg_temp.pick('longitude ' || i, 400000) / 1000000.0,
       pg_temp.id('usr', (i - 1) / 20 * 103 + (i - 1) % 20 + 43),
       date '2024-04-01' + pg_temp.pick('opened ' || i, 500)::int,
       case when i % 10 = 9 then date '2025-12-01' + pg_temp.pick('closed ' || i, 60)::int end
  from generate_series(1, 20 * :scale::bigint) as i
 cross join lateral (
       select (array['Alexandra', 'Diepsloot', 'Katlehong', 'Soweto', 'Tembisa'])[1 + i % 5] as area
       ) as a;

-- Every 11th product was taken off the list for good.
insert into public.products (id, sku, name, weight_kg, price, is_listed)
select pg_temp.id('prd', i),
       'LPG-' || lpad(i::text, greatest(4, length(i::text)), '0'),
       weight || ' kg cylinder, ' || (array['refill', 'new', 'exchange'])[1 + i % 3],
       weight,
       weight * 32 + i % 3 * 250,
       i % 7 <> 0
  from generate_series(1, 11 * :scale::bigint) as i
 cross join lateral (select (array[3, 5, 9, 14, 19, 48])[1 + i % 6] as weight) as w
 where i % 11 <> 0;

-- Every 81st customer is gone. One in four was referred, and 8 in every 800 by somebody who is gone.
insert into public.customers (id, phone, full_name, email, referral_code, referred_by, delivery_address, created_at)
select pg_temp.id('cus', i),
       '+27 60 ' || lpad(i::text, greatest(7, length(i::text)), '0'),
       pg_temp.person('customer ' || i),
       case when i % 3 = 0 then 'customer' || i || '@mail.example' end,
       'GT' || upper(substr(md5('referral ' || i), 1, 6)) || i,
       pg_temp.id('cus', case when i % 81 in (7, 34) and i % 810 < 320 then pg_temp.pick('gone ' || i, 10 * :scale) * 81
                              when i % 4 = 1 and i > 4
                              then pg_temp.left_over(pg_temp.pick('referrer ' || i, i / 4), 81, 1)
                         end),
       jsonb_build_object('street', pg_temp.pick('street ' || i, 400) || ' Vilakazi Street',
                          'area', (array['Alexandra', 'Diepsloot', 'Katlehong', 'Soweto', 'Tembisa'])[1 + i % 5]),
       timestamptz '2024-05-01 06:00:00+00' + make_interval(mins => pg_temp.pick('customer since ' || i, 900000)::int)
  from generate_series(1, 810 * :scale::bigint) as i
 where i % 81 <> 0;

-- Every 21st driver is gone; of those that are left 2 in 40 have no account any more, and they drive no orders.
insert into public.drivers (id, user_id, vehicle_id, license_number, status, rating, joined_on)
select pg_temp.id('drv', i),
       pg_temp.id('usr', (i - 1) / 42 * 103 + (i - 1) % 42 + 1),
       case when i % 5 <> 0 then pg_temp.id('veh', pg_temp.pick('vehicle ' || i, 24 * :scale)) end,
       'DL' || lpad(i::text, greatest(8, length(i::text)), '0'),
       (array['available', 'delivering', 'offline'])[1 + i % 3],
       case when i % 6 <> 0 then 3 + pg_temp.pick('rating ' || i, 200) / 100.0 end,
       date '2024-06-01' + pg_temp.pick('joined ' || i, 500)::int
  from generate_series(1, 42 * :scale::bigint) as i
 where i % 21 <> 0;

-- A deposit into each of 780 wallets, then a second movement in 520 of them; 10 in 1,300 are of wallets that are gone.
insert into public.wallet_transactions (id, wallet_id, type, amount, reference, created_at)
select pg_temp.id('wtx', i),
       pg_temp.id('wal', case when i % 130 = 77 then (i / 130 % 2 + i / 130 / 2 * 3 + 1) * 27
                              else pg_temp.left_over(place + (i - 1) / 1300 * 780, 27, 1) end),
       (case when not is_second then 'deposit' when place % 10 = 7 then 'refund' else 'withdrawal'
        end)::public.wallet_movement,
       case when is_second then 20 + pg_temp.pick('second ' || i, 28000) / 100.0
            else 300 + 50 * pg_temp.pick('deposit ' || i, 20) end,
       case when is_second then 'GT-' || lpad(i::text, greatest(6, length(i::text)), '0') end,
       timestamptz '2024-05-01 06:00:00+00'
           + make_interval(mins => pg_temp.pick('paid ' || i, 300000)::int + 600000 * is_second::int)
  from generate_series(1, 1300 * :scale::bigint) as i
 cross join lateral (select (i - 1) % 1300 >= 780 as is_second, (i - 1) % 1300 % 780 + 1 as place) as p;

-- A wallet has its customer's number; 780 in 810 customers have one, and so have 6 customers that are gone.
insert into public.wallets (id, customer_id, balance, created_at)
select pg_temp.id('wal', i),
       pg_temp.id('cus', i),
       coalesce(sum(case when m.type = 'withdrawal' then -m.amount else m.amount end), 0),
       timestamptz '2024-05-01 06:00:00+00' + make_interval(mins => pg_temp.pick('wallet ' || i, 1000)::int)
  from generate_series(1, 810 * :scale::bigint) as i
  left join public.wallet_transactions as m on m.wallet_id = pg_temp.id('wal', i)
 where i % 27 <> 0 or (i % 81 = 0 and i / 81 % 10 between 1 and 6)
 group by i
 order by i;

-- 5 in 220 belong to a customer who is gone, 4 others are for a product that is gone.
insert into public.subscriptions
       (id, customer_id, product_id, quantity, every_days, next_delivery_date, status, created_at)
select pg_temp.id('sub', i),
       pg_temp.id('cus', case when i % 44 = 9 then pg_temp.pick('gone ' || i, 10 * :scale) * 81
                              else pg_temp.left_over(pg_temp.pick('subscriber ' || i, 800 * :scale), 81, 1) end),
       pg_temp.id('prd', case when i % 55 = 23 then pg_temp.pick('gone ' || i, :scale) * 11
                              else pg_temp.left_over(pg_temp.pick('product ' || i, 10 * :scale), 11, 1) end),
       1 + i % 3,
       (array[14, 21, 30, 60])[1 + i % 4],
       case when i % 9 <> 0 then date '2026-02-15' + pg_temp.pick('next ' || i, 60)::int end,
       case when i % 9 = 0 then 'ended' when i % 13 = 0 then 'paused' else 'active' end,
       timestamptz '2025-01-01 06:00:00+00' + make_interval(mins => pg_temp.pick('subscribed ' || i, 500000)::int)
  from generate_series(1, 220 * :scale::bigint) as i;

-- 17 in 1,700 were for a customer, 10 others were brought by a driver who is gone. Every pod is still there.
insert into public.orders
       (id, reference, customer_id, driver_id, pod_id, status, items, total, created_at, delivered_at)
select pg_temp.id('ord', i),
       'GT-' || lpad(i::text, greatest(6, length(i::text)), '0'),
       pg_temp.id('cus', case when i % 100 = 17 then pg_temp.pick('gone ' || i, 10 * :scale) * 81
                              when i % 40 <> 0 then pg_temp.left_over(pg_temp.pick('customer ' || i, 800 * :scale), 81, 1)
                         end),
       pg_temp.id('drv', case when i % 170 = 33 then pg_temp.pick('gone driver ' || i, 2 * :scale) * 21
                              when status <> 'pending'
                              then pg_temp.left_over(pg_temp.pick('driver ' || i, 38 * :scale), 21, 2)
                         end),
       case when i % 11 <> 0 then pg_temp.id('pod', pg_temp.pick('pod ' || i, 20 * :scale)) end,
       status,
       jsonb_build_array(jsonb_build_object('name', weight || ' kg cylinder', 'quantity', quantity)),
       weight * quantity * 32,
       created_at,
       case when status = 'delivered'
            then created_at + make_interval(mins => 20 + pg_temp.pick('delivered ' || i, 300)::int) end
  from generate_series(1, 1700 * :scale::bigint) as i
 cross join lateral (
       select (array['pending', 'assigned', 'on_the_way', 'cancelled', 'delivered']
              )[least(5, 1 + i % 20)]::public.order_status as status,
              (array[3, 5, 9, 14, 19, 48])[pg_temp.pick('weight ' || i, 6)] as weight,
              1 + i % 3 as quantity,
              timestamptz '2025-01-01 06:00:00+00'
                  + make_interval(mins => pg_temp.pick('ordered ' || i, 580000)::int) as created_at
       ) as o;

drop function pg_temp.person(text);
drop function pg_temp.left_over(bigint, bigint, bigint);
drop function pg_temp.id(text, bigint);
drop function pg_temp.pick(text, bigint);

analyze public.users, public.vehicles, public.pods, public.products, public.customers, public.drivers,
    public.wallets, public.wallet_transactions, public.subscriptions, public.orders;
