-- Grain: one table of a schema of whose rows the role may ask which transaction wrote them.
-- Inputs: pg_class, pg_namespace, pg_inherits.
-- Params: $1 the schema, $2 the tables' names, separated by commas.
-- Decision: a right on columns alone does not reach those of the system; views have none, nor have
-- the rows of foreign tables, which may be partitions.
with recursive
    part as (
        select inhparent as root, inhrelid as relation
        from pg_catalog.pg_inherits
        union
        select part.root, pg_inherits.inhrelid
        from part
        join pg_catalog.pg_inherits on pg_inherits.inhparent = part.relation
    )
select pg_class.relname::text as "table"
from pg_catalog.pg_class
join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
where
    pg_namespace.nspname = $1
    and pg_class.relname = any(string_to_array($2, ','))
    and pg_class.relkind in ('r', 'p')
    and has_table_privilege(pg_class.oid, 'SELECT')
    and not exists (
        select
        from part
        join pg_catalog.pg_class as other on other.oid = part.relation
        where part.root = pg_class.oid and other.relkind = 'f'
    )
