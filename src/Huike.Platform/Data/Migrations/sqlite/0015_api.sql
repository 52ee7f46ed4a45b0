-- Answers that were given, kept for a time so that the same request sent again gets the same one.
create table platform_api_key (
    id integer primary key,
    user_id integer not null references platform_user (id) on delete cascade,
    key text not null,
    fingerprint text not null,
    status integer not null default 0,
    location text,
    version integer,
    body text not null default '',
    record_kind text,
    record_id integer,
    created_at integer not null
);
create unique index platform_api_key_user on platform_api_key (user_id, key);
create index platform_api_key_created on platform_api_key (created_at);
create index platform_api_key_record on platform_api_key (record_kind, record_id) where record_id is not null;
