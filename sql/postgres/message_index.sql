-- Grain: one index of a name in a schema: is it whole, or is it being built?
-- Inputs: pg_index, pg_class, pg_namespace, pg_locks.
-- Params: $1 the schema, $2 the index.
-- Decision: building without blocking writers leaves an index that is not whole when it is broken
-- off; one that is not whole while its table is locked for it may yet become so.
select
    pg_index.indisvalid as "isWhole",
    exists (
        select
        from pg_catalog.pg_locks
        where
            pg_locks.relation = pg_index.indrelid
            and pg_locks.mode = 'ShareUpdateExclusiveLock'
            and pg_locks.granted
    ) as "isBusy"
from pg_catalog.pg_index
join pg_catalog.pg_class on pg_class.oid = pg_index.indexrelid
join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
where pg_namespace.nspname = $1 and pg_class.relname = $2
