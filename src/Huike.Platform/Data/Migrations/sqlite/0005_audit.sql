-- 审计: who changed what, when, from where. Rows are only ever added; each holds the hash of the one before it.

create table platform_audit (
    id integer primary key,
    at integer not null,
    actor text not null,
    address text not null,
    action text not null,
    record_kind text not null,
    record_id integer not null,
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
    id integer not null,
    hash text not null
);
insert into platform_audit_head (one, id, hash) values (1, 0, '');

create trigger platform_audit_unchanged before update on platform_audit begin select raise(abort, 'platform_audit is append-only'); end;
create trigger platform_audit_kept before delete on platform_audit begin select raise(abort, 'platform_audit is append-only'); end;
create trigger platform_audit_head_kept before delete on platform_audit_head begin select raise(abort, 'platform_audit_head is kept'); end;
