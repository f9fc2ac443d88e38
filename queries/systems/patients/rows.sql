-- Rows of patients: 5,000 for every unit of scale, the same on every version and every machine.
-- run: psql -1 -v ON_ERROR_STOP=1 -v scale=1 -f rows.sql
--
-- Every 51st patient is gone. Appointments went with them, for those have a key; some session notes are still there.

-- A number from 1 to n that looks random and depends on its seed alone.
create function pg_temp.pick(seed text, n bigint) returns bigint language sql immutable as
$$ select 1 + ('x' || substr(md5(seed), 1, 12))::bit(48)::bigint % n $$;

-- The j-th patient who is still there.
create function pg_temp.patient(j bigint) returns bigint language sql immutable as
$$ select j + (j - 1) / 50 $$;

create function pg_temp.person(seed text) returns text language sql immutable as
$$ select (array['Alma', 'Bruno', 'Clara', 'Dario', 'Elif', 'Felix', 'Greta', 'Hugo', 'Ines', 'Jonas',
                 'Karla', 'Linus', 'Mira', 'Nils', 'Olga', 'Paul', 'Rosa', 'Samir', 'Tilda', 'Viktor']
         )[pg_temp.pick('given ' || seed, 20)]
       || ' ' ||
          (array['Adler', 'Brandt', 'Costa', 'Dietrich', 'Engel', 'Fischer', 'Horvat', 'Jansen', 'Keller', 'Lorenz',
                 'Moreau', 'Novak', 'Peters', 'Richter', 'Sommer', 'Weiss']
         )[pg_temp.pick('family ' || seed, 16)] $$;

insert into public.therapists (id, email, full_name, license_number, accepts_new_patients, created_at)
overriding system value
select i,
       'therapist' || i || '@practice.example',
       pg_temp.person('therapist ' || i),
       'PT-' || lpad(i::text, greatest(5, length(i::text)), '0'),
       i % 4 <> 0,
       timestamptz '2023-01-09 08:00:00+00' + make_interval(mins => pg_temp.pick('therapist since ' || i, 500000)::int)
  from generate_series(1, 25 * :scale::bigint) as i;

insert into public.patients (id, therapist_id, full_name, email, phone, date_of_birth, status, created_at)
overriding system value
select i,
       case when i % 12 <> 0 then pg_temp.pick('treated by ' || i, 25 * :scale) end,
       pg_temp.person('patient ' || i),
       case when i % 5 <> 0 then 'patient' || i || '@mail.example' end,
       case when i % 3 <> 0 then '+49 30 ' || lpad(i::text, greatest(7, length(i::text)), '0') end,
       date '1945-01-01' + pg_temp.pick('born ' || i, 22000)::int,
       case when i % 12 = 0 then 'waiting' when i % 9 = 0 then 'discharged' else 'active' end,
       timestamptz '2023-02-01 08:00:00+00' + make_interval(mins => pg_temp.pick('patient since ' || i, 900000)::int)
  from generate_series(1, 612 * :scale::bigint) as i
 where i % 51 <> 0;

insert into public.appointments (id, patient_id, therapist_id, starts_at, ends_at, status)
overriding system value
select i,
       pg_temp.patient(pg_temp.pick('appointment ' || i, 600 * :scale)),
       pg_temp.pick('appointment with ' || i, 25 * :scale),
       starts_at,
       starts_at + make_interval(mins => 50),
       case when starts_at >= timestamptz '2026-02-14 00:00:00+00' then 'booked'
            when i % 19 = 0 then 'missed'
            when i % 11 = 0 then 'cancelled'
            else 'kept' end
  from generate_series(1, 1575 * :scale::bigint) as i
 cross join lateral (
       select timestamptz '2025-01-06 08:00:00+00'
              + make_interval(hours => pg_temp.pick('day ' || i, 430)::int * 24 + pg_temp.pick('hour ' || i, 9)::int)
              as starts_at
       ) as s;

insert into public.documents (id, patient_id, kind, file_name, size_bytes, sha256, uploaded_at)
overriding system value
select i,
       patient,
       kind,
       kind || '-' || patient || '-' || i || '.pdf',
       20000 + pg_temp.pick('size ' || i, 3000000),
       md5('first half ' || i) || md5('second half ' || i),
       timestamptz '2025-01-06 08:00:00+00' + make_interval(mins => pg_temp.pick('uploaded ' || i, 580000)::int)
  from generate_series(1, 1200 * :scale::bigint) as i
 cross join lateral (
       select pg_temp.patient(pg_temp.pick('document of ' || i, 600 * :scale)) as patient,
              (array['referral', 'consent', 'report', 'invoice'])[1 + i % 4] as kind
       ) as d;

-- 20 in 1,600 are about a patient who is gone.
insert into public.session_notes (id, client_id, therapist_id, session_on, notes, themes, signed_at, created_at)
overriding system value
select i,
       case when i % 80 = 39 then pg_temp.pick('gone ' || i, 12 * :scale) * 51
            else pg_temp.patient(pg_temp.pick('note about ' || i, 600 * :scale)) end,
       pg_temp.pick('note by ' || i, 25 * :scale),
       (created_at at time zone 'UTC')::date,
       'Session ' || i || E'.\n' || (array['Sleeps better.', 'A hard week.', 'Tried the exercises.', 'Talked about work.',
                                           'Asked for a break in spring.'])[pg_temp.pick('said ' || i, 5)],
       (array['{}', '{sleep}', '{anxiety,work}', '{family,"early years"}'])[1 + i % 4]::text[],
       case when i % 6 <> 0 then created_at + make_interval(mins => pg_temp.pick('signed ' || i, 2880)::int) end,
       created_at
  from generate_series(1, 1600 * :scale::bigint) as i
 cross join lateral (
       select timestamptz '2025-01-06 09:00:00+00'
              + make_interval(mins => pg_temp.pick('written ' || i, 580000)::int) as created_at
       ) as s;

-- The next row that anybody adds follows on.
select setval(pg_get_serial_sequence('public.' || name, 'id'), highest)
  from (values ('therapists', 25 * :scale), ('patients', 612 * :scale), ('appointments', 1575 * :scale),
               ('documents', 1200 * :scale), ('session_notes', 1600 * :scale)) as s (name, highest);

drop function pg_temp.person(text);
drop function pg_temp.patient(bigint);
drop function pg_temp.pick(text, bigint);

analyze public.therapists, public.patients, public.appointments, public.documents, public.session_notes;
