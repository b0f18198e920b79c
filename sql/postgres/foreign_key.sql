-- Grain: one column of a foreign key of a table, with the column that it refers to.
-- Inputs: pg_constraint, pg_class, pg_namespace, pg_attribute, plain_type.
-- Params: $1 the schema, $2 the table.
with
    pair as (
        select
            pg_constraint.conname,
            pg_constraint.conrelid,
            pg_constraint.confrelid,
            unnest(pg_constraint.conkey) as own_number,
            unnest(pg_constraint.confkey) as other_number,
            generate_subscripts(pg_constraint.conkey, 1) as place
        from pg_catalog.pg_constraint
        join pg_catalog.pg_class on pg_class.oid = pg_constraint.conrelid
        join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
        where pg_constraint.contype = 'f' and pg_namespace.nspname = $1 and pg_class.relname = $2
    )
select
    pair.conname::text as "name",
    own.attname::text as "column",
    pg_namespace.nspname::text as "otherSchema",
    pg_class.relname::text as "otherTable",
    other.attname::text as "otherColumn",
    own_type."isPlain" and other_type."isPlain" as "isPlain",
    has_schema_privilege(pg_namespace.oid, 'USAGE')
    and has_column_privilege(pg_class.oid, other.attnum, 'SELECT') as "maySelect"
from pair
join pg_catalog.pg_class on pg_class.oid = pair.confrelid
join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
join pg_catalog.pg_attribute as own on own.attrelid = pair.conrelid and own.attnum = pair.own_number
join
    pg_catalog.pg_attribute as other
    on other.attrelid = pair.confrelid
    and other.attnum = pair.other_number
join ({{ plain_type }}) as own_type on own_type."type" = own.atttypid
join ({{ plain_type }}) as other_type on other_type."type" = other.atttypid
order by pair.conname, pair.place
