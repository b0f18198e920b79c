-- Grain: one column of a table or view of a schema, with its type and what the role may do to it.
-- Inputs: pg_class, pg_namespace, pg_attribute, pg_type, plain_type.
-- Params: $1 the schema, $2 the tables' names, separated by commas.
-- Decision: only a timestamp's type is given with its precision: a cast to it rounds as storing
-- does, while a cast to a short varchar would cut what storing refuses.
select
    pg_class.relname::text as "table",
    pg_attribute.attname::text as "column",
    format_type(
        pg_type.oid, case when pg_type.typcategory = 'D' then pg_attribute.atttypmod else -1 end
    ) as "type",
    plain_type."isPlain",
    greatest(pg_class.reltuples, 0)::bigint as "tableRows",
    has_column_privilege(pg_class.oid, pg_attribute.attnum, 'SELECT') as "maySelect",
    has_column_privilege(pg_class.oid, pg_attribute.attnum, 'INSERT') as "mayInsert",
    has_column_privilege(pg_class.oid, pg_attribute.attnum, 'UPDATE') as "mayUpdate",
    has_column_privilege(pg_class.oid, pg_attribute.attnum, 'REFERENCES') as "mayReference",
    has_table_privilege(pg_class.oid, 'DELETE') as "mayDelete",
    pg_has_role(pg_class.relowner, 'USAGE') as "isOwner"
from pg_catalog.pg_class
join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid
join pg_catalog.pg_type on pg_type.oid = pg_attribute.atttypid
join ({{ plain_type }}) as plain_type on plain_type."type" = pg_attribute.atttypid
where
    pg_namespace.nspname = $1
    and pg_class.relname = any(string_to_array($2, ','))
    and pg_class.relkind in ('r', 'p', 'v', 'm', 'f')
    and pg_attribute.attnum > 0
    and not pg_attribute.attisdropped
order by pg_class.relname, pg_attribute.attnum
