-- 审计: who changed what, when, from where. Rows are only ever added; each holds the hash of the one before it.

create table platform_audit (
    id bigint primary key,
    at timestamptz not null,
    actor text not null,
    address text not null,
    action text not null,
    record_kind text not null,
    record_id bigint not null,
    changes text not null,
    reason text not null,
    previous_hash text not null,
    hash text not null
);
create index platform_audit_at on platform_audit (at);
create index platform_audit_actor on platform_audit (actor, id);
create index platform_audit_action on platform_audit (action, id);
create index platform_audit_record on platform_audit (record_kind, record_id, id);

create table platform_audit_head (
    one integer primary key check (one = 1),
    id bigint not null,
    hash text not null
);
insert into platform_audit_head (one, id, hash) values (1, 0, '');

create function platform_audit_refuse() returns trigger language plpgsql as $$ begin raise exception 'platform_audit is append-only'; end $$;
create trigger platform_audit_unchanged before update or delete on platform_audit for each row execute function platform_audit_refuse();
create trigger platform_audit_kept before truncate on platform_audit for each statement execute function platform_audit_refuse();
create trigger platform_audit_head_kept before delete or truncate on platform_audit_head for each statement execute function platform_audit_refuse();
