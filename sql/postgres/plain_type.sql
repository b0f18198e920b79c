-- Grain: one type, and whether it is plain: its operators and casts, or those of the type that it
-- is a domain of, are the server's or an extension's. The owner of any other type may have made
-- casts of it that run as whoever compares or converts.
-- Inputs: pg_type, pg_depend.
select
    pg_type.oid as "type",
    base.typnamespace = 'pg_catalog'::regnamespace
    or exists (
        select
        from pg_catalog.pg_depend
        where
            pg_depend.classid = 'pg_catalog.pg_type'::regclass
            and pg_depend.objid = base.oid
            and pg_depend.deptype = 'e'
    ) as "isPlain"
from pg_catalog.pg_type
join
    pg_catalog.pg_type as base
    on base.oid = case when pg_type.typtype = 'd' then pg_type.typbasetype else pg_type.oid end
