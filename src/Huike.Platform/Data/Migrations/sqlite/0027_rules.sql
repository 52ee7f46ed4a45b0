create table platform_rule (
    id integer primary key autoincrement,
    subject text not null,
    name text not null,
    is_on integer not null,
    -- The present one of its versions; what waits keeps its own.
    version integer not null,
    -- Name of the trigger of that version.
    begins text not null,
    hour integer not null,
    -- Of that version: for so many days not again on the same record; -1: never.
    again integer not null,
    -- Of a daily rule: the day for which all records were looked through, yyyy-MM-dd.
    scanned_on text not null,
    -- Whose turn it is where an act goes round.
    turn integer not null,
    form_key text not null
);
create unique index platform_rule_form on platform_rule (form_key);

create table platform_rule_version (
    rule_id integer not null references platform_rule (id) on delete cascade,
    version integer not null,
    definition text not null,
    created_at integer not null,
    created_by text not null,
    primary key (rule_id, version)
);

create table platform_rule_run (
    id integer primary key autoincrement,
    rule_id integer not null references platform_rule (id) on delete cascade,
    version integer not null,
    -- What began it, so that it runs once: event/12, day/2026-11-23.
    cause text not null,
    record_id integer not null,
    -- Rules that led to it, with slashes between.
    trail text not null,
    state integer not null,
    tries integer not null,
    at integer not null,
    ended_at integer,
    -- Why it failed: a text's key, and what fills its words.
    code text not null,
    args text not null
);
create unique index platform_rule_run_cause on platform_rule_run (rule_id, cause, record_id);
create index platform_rule_run_open on platform_rule_run (tries, id) where state = 0;
create index platform_rule_run_log on platform_rule_run (rule_id, id);
create index platform_rule_run_record on platform_rule_run (rule_id, record_id, at);
create index platform_rule_run_failed on platform_rule_run (ended_at) where state = 2;
create index platform_rule_run_at on platform_rule_run (at);
