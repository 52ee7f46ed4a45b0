-- 审计: personal values may go, the entry stays. Newer entries' hashes cover a salted digest of changes and reason instead of their words;
-- an erasure takes words and salt away, leaves the digest, and is an entry itself, which names what it erased.

alter table platform_audit add column salt text not null default '';
alter table platform_audit add column digest text not null default '';
alter table platform_audit add column erased_by bigint;
create index platform_audit_erased on platform_audit (erased_by) where erased_by is not null;

create function platform_audit_erase() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and coalesce(
        old.erased_by is null and new.erased_by > old.id and old.action <> 'audit.erased'
        and new.changes = '[]' and new.reason = '' and new.salt = ''
        and new.id = old.id and new.at = old.at and new.actor = old.actor and new.address = old.address and new.action = old.action
        and new.record_kind = old.record_kind and new.record_id = old.record_id and new.digest = old.digest
        and new.previous_hash = old.previous_hash and new.hash = old.hash
        and exists (select 1 from platform_audit e where e.id = new.erased_by and e.action = 'audit.erased' and strpos(e.changes, '"field":"' || old.id || '"') > 0), false)
    then return new; end if;
    raise exception 'platform_audit is append-only';
end $$;
drop trigger platform_audit_unchanged on platform_audit;
create trigger platform_audit_unchanged before update or delete on platform_audit for each row execute function platform_audit_erase();
