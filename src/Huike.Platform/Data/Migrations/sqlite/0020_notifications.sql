create table platform_notice (
    id integer primary key autoincrement,
    user_id integer not null references platform_user (id) on delete cascade,
    kind text not null,
    -- What it is told of: told twice, it is one row.
    notice_key text not null,
    text_key text not null,
    -- JSON: the values of the text's placeholders, never a sentence.
    args text not null,
    record_kind text not null,
    record_id integer not null,
    href text not null,
    -- How many things it stands for; from two on it has another text and leads elsewhere.
    things integer not null,
    many_text_key text not null,
    many_href text not null,
    in_app integer not null,
    told_at integer not null,
    read_at integer,
    -- When it is to go by mail; null: not, or not any more.
    mail_at integer
);
create unique index platform_notice_once on platform_notice (user_id, notice_key);
create index platform_notice_list on platform_notice (user_id, told_at, id) where in_app = 1;
create index platform_notice_unread on platform_notice (user_id, told_at, id) where in_app = 1 and read_at is null;
create index platform_notice_mail on platform_notice (mail_at, user_id) where mail_at is not null;
create index platform_notice_told on platform_notice (told_at);

-- What somebody chose other than the kind's own way.
create table platform_notice_choice (
    user_id integer not null references platform_user (id) on delete cascade,
    kind text not null,
    in_app integer not null,
    mail integer not null,
    primary key (user_id, kind)
);

create table platform_notice_reader (
    user_id integer primary key references platform_user (id) on delete cascade,
    language text not null,
    digest_hour integer not null
);
