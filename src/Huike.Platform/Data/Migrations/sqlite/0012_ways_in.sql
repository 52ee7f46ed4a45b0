create table platform_passkey (
    id integer primary key,
    user_id integer not null references platform_user (id) on delete cascade,
    credential_id text not null,
    name text not null,
    public_key blob not null,
    sign_count integer not null,
    is_backup_eligible integer not null,
    is_backed_up integer not null,
    transports text not null,
    created_at integer not null,
    used_at integer
);
create unique index platform_passkey_credential on platform_passkey (credential_id);
create index platform_passkey_user on platform_passkey (user_id);

create table platform_sign_in_spent (
    token_hash text primary key,
    until_at integer not null
);
create index platform_sign_in_spent_until on platform_sign_in_spent (until_at);

-- Not before this instant is a job tried again.
alter table platform_job add column wait_until integer;
