-- Grain: one table of a schema of whose rows the role may ask which transaction wrote them.
-- Inputs: pg_class, pg_namespace.
-- Params: $1 the schema, $2 the tables' names, separated by commas.
-- Decision: a right on columns alone does not reach those of the system; views have none.
select pg_class.relname::text as "table"
from pg_catalog.pg_class
join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
where
    pg_namespace.nspname = $1
    and pg_class.relname = any(string_to_array($2, ','))
    and pg_class.relkind in ('r', 'p')
    and has_table_privilege(pg_class.oid, 'SELECT')
