create table platform_approval_flow (
    id integer primary key autoincrement,
    name text not null,
    is_on integer not null,
    -- The present one of its versions; what runs keeps its own.
    version integer not null
);

create table platform_approval_flow_version (
    flow_id integer not null references platform_approval_flow (id),
    version integer not null,
    definition text not null,
    created_at integer not null,
    created_by text not null,
    primary key (flow_id, version)
);

create table platform_approval (
    id integer primary key autoincrement,
    flow_id integer not null,
    flow_version integer not null,
    subject_kind text not null,
    subject_id integer not null,
    title text not null,
    reason text not null,
    amount integer,
    asker_id integer not null references platform_user (id) on delete cascade,
    state integer not null,
    station integer not null,
    version integer not null,
    asked_at integer not null,
    ended_at integer,
    form_key text not null
);
create unique index platform_approval_form on platform_approval (form_key);
create index platform_approval_asker on platform_approval (asker_id, id);

create table platform_approval_seat (
    approval_id integer not null references platform_approval (id) on delete cascade,
    station integer not null,
    place integer not null,
    name text not null,
    mode integer not null,
    user_id integer not null,
    state integer not null,
    primary key (approval_id, station, place)
);
create index platform_approval_seat_due on platform_approval_seat (user_id, approval_id) where state = 1;

create table platform_approval_act (
    id integer primary key autoincrement,
    approval_id integer not null references platform_approval (id) on delete cascade,
    act text not null,
    user_id integer not null,
    -- For whom a deputy acted; null: for nobody.
    for_id integer,
    to_id integer,
    comment text not null,
    -- JSON: what was asked, as it was then; empty for other acts.
    asked text not null,
    at integer not null
);
create index platform_approval_act_log on platform_approval_act (approval_id, id);

create table platform_approval_copy (
    user_id integer not null references platform_user (id) on delete cascade,
    approval_id integer not null references platform_approval (id) on delete cascade,
    primary key (user_id, approval_id)
);
