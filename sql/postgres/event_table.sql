-- Grain: one row. What stands between a write to a table and its rows: its kind, the rules, the
-- tables that inherit from it, the triggers; names, separated by commas, or null.
-- Inputs: pg_class, pg_namespace, pg_rewrite, pg_inherits, pg_trigger, pg_partition_tree.
-- Params: $1 the schema, $2 the table.
-- Decision: a partitioned table's partitions are its own, and their triggers count as its.
select
    pg_class.relkind::text as "kind",
    (
        select string_agg(distinct pg_rewrite.rulename::text, ', ')
        from pg_catalog.pg_rewrite
        where
            pg_rewrite.ev_class = pg_class.oid
            and pg_rewrite.ev_type <> '1'
            and pg_rewrite.ev_enabled <> 'D'
    ) as "rules",
    (
        select string_agg(distinct pg_inherits.inhrelid::regclass::text, ', ')
        from pg_catalog.pg_inherits
        where pg_inherits.inhparent = pg_class.oid and pg_class.relkind <> 'p'
    ) as "heirs",
    (
        select string_agg(distinct pg_trigger.tgname::text, ', ')
        from pg_catalog.pg_trigger
        where
            not pg_trigger.tgisinternal
            and pg_trigger.tgenabled <> 'D'
            and (
                pg_trigger.tgrelid = pg_class.oid
                or pg_trigger.tgrelid in (select relid from pg_partition_tree(pg_class.oid))
            )
    ) as "triggers"
from pg_catalog.pg_class
join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
where pg_namespace.nspname = $1 and pg_class.relname = $2
