-- 组织架构、角色、代理、共享、令牌: who belongs where, who may do what with which records, who stands in for whom (H18).

create table platform_unit (
    id integer primary key autoincrement,
    parent_id integer references platform_unit (id),
    kind integer not null,
    name text not null,
    leader_id integer,
    created_at integer not null,
    closed_at integer,
    version integer not null default 1
);
create index platform_unit_parent on platform_unit (parent_id);
insert into platform_unit (id, kind, name, created_at) values (1, 0, '', cast(strftime('%s', 'now') as integer) * 1000);

create table platform_calendar (
    id integer primary key autoincrement,
    name text not null,
    hours text not null,
    version integer not null default 1
);
insert into platform_calendar (id, name, hours) values (1, '', '1-5 09:00-18:00');

alter table platform_user add column unit_id integer not null default 1;
alter table platform_user add column leader_id integer;
alter table platform_user add column calendar_id integer not null default 1;
alter table platform_user add column skills text not null default '';
alter table platform_user add column kind integer not null default 0;
alter table platform_user add column customer_id integer;
create index platform_user_unit_main on platform_user (unit_id);
create index platform_user_leader on platform_user (leader_id) where leader_id is not null;

create table platform_user_unit (
    user_id integer not null references platform_user (id) on delete cascade,
    unit_id integer not null references platform_unit (id),
    primary key (user_id, unit_id)
);
create index platform_user_unit_unit on platform_user_unit (unit_id);

create table platform_role (
    name text primary key,
    title text not null,
    overrides text not null,
    is_closed integer not null default 0,
    version integer not null default 1
);

create table platform_user_role (
    user_id integer not null references platform_user (id) on delete cascade,
    role text not null,
    primary key (user_id, role)
);
create index platform_user_role_role on platform_user_role (role);
insert into platform_user_role (user_id, role) select user_id, 'administrator' from platform_user_claim where claim_type = 'permission' and claim_value = '*';
delete from platform_user_claim where claim_type = 'permission';

create table platform_deputy (
    id integer primary key autoincrement,
    user_id integer not null references platform_user (id) on delete cascade,
    deputy_id integer not null references platform_user (id) on delete cascade,
    from_at integer not null,
    until_at integer not null,
    reason text not null,
    created_at integer not null,
    created_by text not null
);
create index platform_deputy_deputy on platform_deputy (deputy_id, until_at);
create index platform_deputy_user on platform_deputy (user_id, until_at);

create table platform_share (
    id integer primary key autoincrement,
    record_kind text not null,
    record_id integer not null,
    user_id integer references platform_user (id) on delete cascade,
    unit_id integer references platform_unit (id),
    may_edit integer not null,
    until_at integer,
    purpose text not null,
    reason text not null,
    created_at integer not null,
    created_by text not null
);
create unique index platform_share_record on platform_share (record_kind, record_id, coalesce(user_id, 0), coalesce(unit_id, 0));
create index platform_share_user on platform_share (user_id, record_kind, record_id) where user_id is not null;
create index platform_share_unit on platform_share (unit_id, record_kind, record_id) where unit_id is not null;

create table platform_token (
    id integer primary key autoincrement,
    user_id integer not null references platform_user (id) on delete cascade,
    name text not null,
    token_hash text not null,
    created_at integer not null,
    expires_at integer not null,
    used_at integer,
    used_from text not null default ''
);
create unique index platform_token_hash on platform_token (token_hash);
create index platform_token_user on platform_token (user_id);
