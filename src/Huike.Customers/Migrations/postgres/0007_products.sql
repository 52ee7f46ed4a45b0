-- 产品: people say what products cost. The version keeps two of them from writing over each other; the indexes are for the list of products by category, and of those without a cost.

alter table customers_product add column version int not null default 1;
create index customers_product_category on customers_product (category, code);
create index customers_product_costless on customers_product (code) where cost is null;
