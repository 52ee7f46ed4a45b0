-- What is still to be done with a customer, the next first: beside thousands of steps that were done, without reading them.
drop index customers_next_step_customer;
create index customers_next_step_due on customers_next_step (customer_id, due_at, id) where done_at is null;
