-- Customers of each period from the best down, in pieces (Ranking.cs): a figure of any period opens the customers behind it.

create table analytics_ranking (
    period text not null,
    sort integer not null,
    place integer not null,
    customers blob not null,
    primary key (period, sort, place)
);
