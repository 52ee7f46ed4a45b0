-- 工作日历: zones, special days, lists of holidays by year; units have calendars too.

alter table platform_calendar add column zone text not null default '';
alter table platform_calendar add column keeps_holidays integer not null default 1;

-- 0: that of the unit above. The usual calendar was everybody's so far; from now on it is whose nobody said anything else.
alter table platform_unit add column calendar_id integer not null default 0;
update platform_user set calendar_id = 0 where calendar_id = 1;

create table platform_special_day (
    id integer primary key autoincrement,
    calendar_id integer references platform_calendar (id),
    day text not null,
    kind integer not null,
    name text not null,
    hours text not null,
    list_year integer not null
);
create unique index platform_special_day_one on platform_special_day (list_year, day, coalesce(calendar_id, 0));

create table platform_holiday_year (
    year integer primary key,
    is_list integer not null,
    known_at integer not null,
    known_by text not null
);
