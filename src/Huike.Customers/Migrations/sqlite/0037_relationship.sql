-- 关系类型: set by hand, with the reason; who has none goes by what is suggested.
create table customers_relationship (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    type integer not null,
    reason text not null,
    created_at integer not null,
    created_by text not null
);
create unique index customers_relationship_customer on customers_relationship (customer_id);
create index customers_relationship_type on customers_relationship (type, customer_id);

-- 联系计划: which touch, after what, of which type.
create table customers_touch (
    id integer primary key,
    type integer not null,
    channel integer not null,
    after integer not null,
    span integer not null,
    unit integer not null,
    chinese text not null,
    english text not null,
    version integer not null
);
insert into customers_touch (type, channel, after, span, unit, chinese, english, version) values
    (2, 4, 2, 1, 0, '发消息致谢，告知服务热线和联系方式', 'Send thanks and say how to reach us', 1),
    (3, 1, 1, 3, 0, '电话询问产品是否符合期望、使用是否顺利', 'Call and ask whether the product is what they expected', 1),
    (4, 1, 1, 3, 0, '电话询问使用情况，请对方提改进建议', 'Call, ask how it works out and what could be better', 1),
    (4, 4, 3, 2, 3, '带着新的建议或用法主动联系', 'Get in touch with an idea or a better use', 1),
    (5, 1, 1, 2, 0, '电话回访本次采购，确认一切就绪', 'Call about the delivery and see that all is in place', 1),
    (5, 2, 3, 1, 3, '上门拜访，一起看对方的目标和进展', 'Visit, and look at their goals and progress together', 1);

-- A next step that a touch of the plan or a retention plan asked for.
alter table customers_next_step add column touch_id integer;
alter table customers_next_step add column plan_id integer;
create index customers_next_step_touch on customers_next_step (due_at, id) where done_at is null and touch_id is not null;

-- How the customer sounded, from -2 to 2; null where nobody said.
alter table customers_note add column tone integer;

-- 关系纽带.
create table customers_bond (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    kind integer not null,
    what text not null,
    since_on text,
    created_at integer not null,
    created_by text not null,
    version integer not null,
    form_key text not null
);
create unique index customers_bond_form on customers_bond (form_key);
create index customers_bond_customer on customers_bond (customer_id, id);

-- 保留计划: one of a customer.
create table customers_retention_plan (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    goal text not null,
    next_bond integer not null,
    review_on text not null,
    created_at integer not null,
    created_by text not null,
    version integer not null
);
create unique index customers_retention_plan_customer on customers_retention_plan (customer_id);

-- 顾客赞许 and favours both ways.
create table customers_moment (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    kind integer not null,
    at integer not null,
    what text not null,
    reaction text not null,
    tone integer,
    who text not null,
    created_at integer not null,
    created_by text not null,
    version integer not null,
    form_key text not null
);
create unique index customers_moment_form on customers_moment (form_key);
create index customers_moment_customer on customers_moment (customer_id, at);
