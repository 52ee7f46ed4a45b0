-- What a token may of what its user may: * everything, read what only shows, or permissions with spaces between. Those that are there were made for everything.
alter table platform_token add column scope text not null default '*';
