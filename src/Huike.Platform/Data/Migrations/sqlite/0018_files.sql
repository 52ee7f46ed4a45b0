-- 附件: files of records. Their bytes lie in parts, so that none is ever whole in memory; with the record's rows they are written, backed up and erased.
create table platform_file (
    id integer primary key,
    record_kind text not null,
    record_id integer not null,
    name text not null,
    type text not null,
    size integer not null,
    hash text not null,
    form_key text not null,
    place integer not null,
    created_at integer not null,
    created_by text not null
);
create index platform_file_record on platform_file (record_kind, record_id, id);
create unique index platform_file_form on platform_file (form_key, place);

create table platform_file_part (
    file_id integer not null references platform_file (id) on delete cascade,
    place integer not null,
    bytes blob not null,
    primary key (file_id, place)
);
