-- 许可阶段: where each customer stands in the firm's permission to speak to him, computed from consents, contacts, purchases and referrals; and what was pinned by hand.
-- What holds now, pins included. Who was never reached has no row.
create table customers_permission (
    customer_id integer primary key,
    stage integer not null,
    since_at integer not null
);
create index customers_permission_stage on customers_permission (stage, customer_id);

-- The dated history, as the facts say it.
create table customers_permission_step (
    customer_id integer not null,
    since_at integer not null,
    stage integer not null,
    primary key (customer_id, since_at)
);

create table customers_permission_pin (
    customer_id integer primary key,
    stage integer not null,
    reason text not null,
    until_at integer not null,
    created_at integer not null,
    created_by text not null
);

-- Consents over all customers, newest first.
create index customers_consent_at on customers_consent (at, id);
