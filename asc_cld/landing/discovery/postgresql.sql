-- Tables, columns and row counts of a PostgreSQL database: names and counts, no data.
-- The counts are those of the database's statistics; they are empty for views and tables never counted.
select
    columns.table_schema as table_schema,
    columns.table_name as table_name,
    columns.column_name as column_name,
    columns.data_type as data_type,
    case when relations.reltuples >= 0 then cast(relations.reltuples as bigint) end as row_count
from information_schema.columns as columns
left join pg_catalog.pg_namespace as schemas
    on columns.table_schema = schemas.nspname
left join pg_catalog.pg_class as relations
    on
        schemas.oid = relations.relnamespace
        and columns.table_name = relations.relname
        and relations.relkind in ('r', 'p', 'm')
where columns.table_schema not in ('pg_catalog', 'information_schema')
order by columns.table_schema, columns.table_name, columns.ordinal_position
