-- 自定义字段: fields that the firm gave to its records.
create table platform_field (
    id integer primary key,
    -- Kind of record.
    kind text not null,
    name text not null,
    -- The rest as JSON.
    definition text not null,
    version integer not null,
    retired_at integer,
    created_at integer not null,
    created_by text not null
);
create unique index platform_field_name on platform_field (kind, name);
