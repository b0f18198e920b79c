-- Grain: one column of a foreign key of a table, with the column that it refers to.
-- Params: $1 the schema, $2 the table.
select
    pg_constraint.conname::text as "name",
    own.attname::text as "column",
    pg_namespace.nspname::text as "otherSchema",
    other_class.relname::text as "otherTable",
    other.attname::text as "otherColumn",
    has_schema_privilege(pg_namespace.oid, 'USAGE')
    and has_column_privilege(other_class.oid, other.attnum, 'SELECT') as "maySelect"
from pg_catalog.pg_constraint
join pg_catalog.pg_class on pg_class.oid = pg_constraint.conrelid
join pg_catalog.pg_namespace as own_namespace on own_namespace.oid = pg_class.relnamespace
join pg_catalog.pg_class as other_class on other_class.oid = pg_constraint.confrelid
join pg_catalog.pg_namespace on pg_namespace.oid = other_class.relnamespace
cross join unnest(pg_constraint.conkey, pg_constraint.confkey)
with ordinality as pair(own_number, other_number, place)
join
    pg_catalog.pg_attribute as own
    on own.attrelid = pg_constraint.conrelid
    and own.attnum = pair.own_number
join
    pg_catalog.pg_attribute as other
    on other.attrelid = pg_constraint.confrelid
    and other.attnum = pair.other_number
where pg_constraint.contype = 'f' and own_namespace.nspname = $1 and pg_class.relname = $2
order by pg_constraint.conname, pair.place
