-- Values of the firm's own fields, as one JSON object of texts; null: none.
alter table customers_product add column custom json;
