-- Grain: one row. Who is connected to what, and what they may do in the schema.
-- Inputs: pg_namespace.
-- Params: $1 the schema.
select
    current_user::text as "role",
    current_database()::text as "database",
    has_database_privilege(current_database(), 'TEMPORARY') as "mayStage",
    pg_namespace.oid is not null as "schemaExists",
    coalesce(has_schema_privilege(pg_namespace.oid, 'USAGE'), false) as "mayUse",
    coalesce(has_schema_privilege(pg_namespace.oid, 'CREATE'), false) as "mayCreate"
from (select $1::text as "schema") as wanted
left join pg_catalog.pg_namespace on pg_namespace.nspname = wanted."schema"
