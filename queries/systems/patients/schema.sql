-- Patients is a therapy practice whose two most private tables are tied to their patients by the application alone.
-- As it stood before its migration: documents and session_notes without a key, the latter still with client_id.
-- run: psql -1 -v ON_ERROR_STOP=1 -f schema.sql

create table public.therapists (
    id bigint generated always as identity primary key,
    email text not null constraint therapists_email_key unique,
    full_name text not null,
    license_number text not null constraint therapists_license_number_key unique,
    accepts_new_patients boolean not null default true,
    created_at timestamptz not null default now()
);
comment on table public.therapists is 'Who treats.';

create table public.patients (
    id bigint generated always as identity primary key,
    therapist_id bigint
        constraint patients_therapist_id_fkey references public.therapists (id) on delete set null,
    full_name text not null,
    email text,
    phone text,
    date_of_birth date not null,
    status text not null default 'active'
        constraint patients_status_check check (status in ('active', 'waiting', 'discharged')),
    created_at timestamptz not null default now()
);
comment on table public.patients is 'Who is treated; a therapist who leaves leaves the patients without one.';
create index patients_therapist_idx on public.patients (therapist_id);

create table public.appointments (
    id bigint generated always as identity primary key,
    patient_id bigint not null
        constraint appointments_patient_id_fkey references public.patients (id) on delete cascade,
    therapist_id bigint not null
        constraint appointments_therapist_id_fkey references public.therapists (id),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    status text not null default 'booked'
        constraint appointments_status_check check (status in ('booked', 'kept', 'missed', 'cancelled')),
    constraint appointments_end_after_start check (ends_at > starts_at)
);
comment on table public.appointments is 'The calendar.';
create index appointments_patient_idx on public.appointments (patient_id);

create table public.documents (
    id bigint generated always as identity primary key,
    patient_id bigint not null,
    kind text not null
        constraint documents_kind_check check (kind in ('referral', 'consent', 'report', 'invoice')),
    file_name text not null,
    media_type text not null default 'application/pdf',
    size_bytes bigint not null constraint documents_size_check check (size_bytes > 0),
    sha256 text not null constraint documents_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    uploaded_at timestamptz not null default now()
);
comment on table public.documents is 'Files of a patient; patient_id is patients.id.';

create table public.session_notes (
    id bigint generated always as identity primary key,
    client_id bigint not null,
    therapist_id bigint not null
        constraint session_notes_therapist_id_fkey references public.therapists (id) on delete restrict,
    session_on date not null,
    notes text not null,
    themes text[] not null default '{}',
    signed_at timestamptz,
    created_at timestamptz not null default now()
);
comment on table public.session_notes is 'What was said; client_id is patients.id under its former name.';
create index session_notes_client_idx on public.session_notes (client_id, session_on);
create index session_notes_therapist_idx on public.session_notes (therapist_id);
