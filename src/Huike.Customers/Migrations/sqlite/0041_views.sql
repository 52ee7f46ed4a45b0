-- 视图: lists of customers that somebody keeps under a name, and who pinned them.
create table customers_view (
    id integer primary key,
    owner_id integer not null,
    name text not null,
    sharing integer not null,
    unit_id integer,
    query text not null,
    version integer not null,
    created_at integer not null,
    form_key text not null
);
create unique index customers_view_form on customers_view (form_key);
create index customers_view_owner on customers_view (owner_id, id);
create index customers_view_shared on customers_view (sharing, unit_id, id) where sharing > 0;

create table customers_view_pin (
    user_id integer not null,
    view_id integer not null references customers_view (id) on delete cascade,
    place integer not null,
    is_pinned integer not null,
    is_default integer not null,
    primary key (user_id, view_id)
);
create index customers_view_pin_view on customers_view_pin (view_id);
