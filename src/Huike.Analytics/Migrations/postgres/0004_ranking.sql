-- Customers of each period from the best down, in pieces (Ranking.cs): a figure of any period opens the customers behind it.

create table analytics_ranking (
    period text not null,
    sort smallint not null,
    place integer not null,
    customers bytea not null,
    primary key (period, sort, place)
);
