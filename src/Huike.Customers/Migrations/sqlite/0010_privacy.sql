-- 个人信息: what we process for which purpose, texts of consents, consents, requests of the people concerned, and whom was erased.

-- Register of processing. What is null is as shipped, in the reader's language.
create table customers_purpose (
    id integer primary key,
    code text not null,
    basis integer not null,
    name text,
    persons text,
    categories text,
    recipients text,
    keeping text,
    measures text,
    retired_at integer,
    version integer not null
);
create unique index customers_purpose_code on customers_purpose (code);
insert into customers_purpose (code, basis, version) values
    ('sales', 2, 1), ('service', 2, 1), ('accounts', 3, 1), ('marketing', 1, 1), ('survey', 1, 1), ('analysis', 1, 1), ('partners', 1, 1);

create table customers_consent_text (
    id integer primary key,
    purpose_id integer not null references customers_purpose (id),
    version integer not null,
    chinese text not null,
    english text not null,
    created_at integer not null,
    created_by text not null
);
create unique index customers_consent_text_version on customers_consent_text (purpose_id, version);
create trigger customers_consent_text_unchanged before update on customers_consent_text begin select raise(abort, 'customers_consent_text is append-only'); end;
create trigger customers_consent_text_kept before delete on customers_consent_text begin select raise(abort, 'customers_consent_text is append-only'); end;

-- Each row a fact: given or withdrawn, for a purpose, on a channel (0: all of them).
create table customers_consent (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    purpose_id integer not null references customers_purpose (id),
    channel integer not null,
    given integer not null,
    text_id integer references customers_consent_text (id),
    at integer not null,
    way integer not null,
    proof text not null,
    created_at integer not null,
    created_by text not null,
    form_key text not null
);
create unique index customers_consent_form on customers_consent (form_key);
create index customers_consent_customer on customers_consent (customer_id, at, id);
create index customers_consent_withdrawn on customers_consent (at) where given = 0;
create trigger customers_consent_unchanged before update of id, customer_id, purpose_id, channel, given, text_id, at, way, created_at, created_by, form_key on customers_consent
begin select raise(abort, 'customers_consent is append-only'); end;
create trigger customers_consent_proof before update of proof on customers_consent when new.proof <> '' begin select raise(abort, 'customers_consent is append-only'); end;
create trigger customers_consent_kept before delete on customers_consent begin select raise(abort, 'customers_consent is append-only'); end;

create table customers_subject_request (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    kind integer not null,
    channel integer not null,
    details text not null,
    received_at integer not null,
    due_at integer not null,
    identity integer not null,
    state integer not null,
    answer text not null,
    answered_at integer,
    answered_by text not null,
    created_by text not null,
    form_key text not null
);
create unique index customers_subject_request_form on customers_subject_request (form_key);
create index customers_subject_request_customer on customers_subject_request (customer_id, id);
create index customers_subject_request_open on customers_subject_request (due_at, id) where state = 0;

-- Whom was erased: the number as a keyed hash, by which it is known again.
create table customers_erasure (
    customer_id integer primary key,
    number_hash text not null,
    at integer not null,
    swept_at integer
);
create index customers_erasure_unswept on customers_erasure (at) where swept_at is null;
