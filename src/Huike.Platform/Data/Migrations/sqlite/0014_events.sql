create table platform_event (
    id integer primary key,
    kind text not null,
    payload text not null,
    record_kind text not null,
    record_id integer not null,
    at integer not null,
    created_by text not null
);
create index platform_event_at on platform_event (at);

create table platform_delivery (
    event_id integer not null references platform_event (id) on delete cascade,
    handler text not null,
    state integer not null,
    attempts integer not null,
    wait_until integer,
    error text not null,
    ended_at integer,
    primary key (event_id, handler)
);
create index platform_delivery_open on platform_delivery (handler, event_id) where state = 0;
create index platform_delivery_dead on platform_delivery (event_id, handler) where state = 2;
create index platform_delivery_ended on platform_delivery (handler, state, ended_at) where ended_at is not null;

create table platform_node (
    id text primary key,
    name text not null,
    version text not null,
    started_at integer not null,
    seen_at integer not null
);

create index platform_job_ended on platform_job (kind, state, finished_at) where finished_at is not null;
