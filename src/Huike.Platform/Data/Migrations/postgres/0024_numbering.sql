-- 编号: which number of a series comes next.
create table platform_number (
    kind text primary key,
    pattern text not null,
    -- The year, month or day that the count belongs to; empty: it goes on for ever.
    period text not null,
    next bigint not null
);
