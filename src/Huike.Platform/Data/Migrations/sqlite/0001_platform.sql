create table platform_user (
    id integer primary key,
    user_name text, normalized_user_name text,
    email text, normalized_email text, email_confirmed integer not null,
    password_hash text, security_stamp text, concurrency_stamp text,
    phone_number text, phone_number_confirmed integer not null,
    two_factor_enabled integer not null,
    lockout_end integer, lockout_enabled integer not null, access_failed_count integer not null,
    display_name text not null
);
create unique index platform_user_name on platform_user (normalized_user_name);
create index platform_user_email on platform_user (normalized_email);

create table platform_user_claim (
    id integer primary key,
    user_id integer not null references platform_user (id) on delete cascade,
    claim_type text, claim_value text
);
create index platform_user_claim_user on platform_user_claim (user_id);

create table platform_user_login (
    login_provider text not null, provider_key text not null, provider_display_name text,
    user_id integer not null references platform_user (id) on delete cascade,
    primary key (login_provider, provider_key)
);
create index platform_user_login_user on platform_user_login (user_id);

create table platform_user_token (
    user_id integer not null references platform_user (id) on delete cascade,
    login_provider text not null, name text not null, value text,
    primary key (user_id, login_provider, name)
);

create table platform_setting (
    name text primary key,
    value text not null,
    changed_at integer not null,
    changed_by text not null
);

create table platform_job (
    id integer primary key,
    kind text not null,
    payload text not null,
    machine text,
    state integer not null,
    progress real not null,
    message text not null,
    attempts integer not null,
    created_at integer not null,
    created_by text not null,
    started_at integer,
    finished_at integer,
    lease_until integer
);
create index platform_job_open on platform_job (state, id) where state < 2;
create index platform_job_kind on platform_job (kind, id);
