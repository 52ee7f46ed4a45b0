alter table platform_user add column disabled_at integer;

create table platform_user_link (
    id integer primary key,
    user_id integer not null references platform_user (id) on delete cascade,
    token_hash text not null,
    created_at integer not null,
    expires_at integer not null,
    used_at integer
);
create unique index platform_user_link_token on platform_user_link (token_hash);
create index platform_user_link_user on platform_user_link (user_id);

create table platform_session (
    id integer primary key autoincrement,
    user_id integer not null references platform_user (id) on delete cascade,
    created_at integer not null,
    seen_at integer not null,
    address text not null,
    browser text not null
);
create index platform_session_user on platform_session (user_id);
create index platform_session_seen on platform_session (seen_at);

create table platform_sign_in_try (
    id integer primary key,
    subject text not null,
    at integer not null
);
create index platform_sign_in_try_subject on platform_sign_in_try (subject, at);
create index platform_sign_in_try_at on platform_sign_in_try (at);
