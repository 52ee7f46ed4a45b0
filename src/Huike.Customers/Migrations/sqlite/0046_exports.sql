-- 导出: what leaves as a file: for what, of whom, how much, by which rule, decided by whom, taken away when.
create table customers_export (
    id integer primary key,
    kind text not null,
    query text not null,
    columns text not null,
    format text not null,
    language text not null,
    purpose text not null,
    words text not null,
    level integer not null,
    is_personal integer not null,
    row_count integer not null,
    row_ids blob,
    user_id integer not null,
    by text not null,
    asked_at integer not null,
    state integer not null,
    rule text not null,
    rules_version integer not null,
    is_marked integer not null,
    trace text not null,
    most_downloads integer not null,
    days integer not null,
    approval_id integer,
    decided_at integer,
    decided_by text,
    job_id integer,
    made_count integer,
    made_at integer,
    expires_at integer,
    downloads integer not null,
    downloaded_at integer,
    reason text not null,
    form_key text
);
create unique index customers_export_form on customers_export (form_key) where form_key is not null;
create unique index customers_export_trace on customers_export (trace);
create index customers_export_user on customers_export (user_id, asked_at);
create index customers_export_asked on customers_export (asked_at);
create index customers_export_expires on customers_export (expires_at) where expires_at is not null;

create table customers_export_part (
    export_id integer not null references customers_export (id) on delete cascade,
    place integer not null,
    bytes blob not null,
    primary key (export_id, place)
);

create table customers_export_rules (
    id integer primary key,
    rules text not null,
    saved_at integer not null,
    saved_by text not null
);
