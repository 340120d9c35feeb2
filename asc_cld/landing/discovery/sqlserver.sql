-- Tables, columns and row counts of a SQL Server database: names and counts, no data.
-- The counts are those of the database's own bookkeeping; they are empty for views.
select
    schemas.name as table_schema,
    objects.name as table_name,
    columns.name as column_name,
    types.name as data_type,
    counted.row_count as row_count
from sys.objects as objects
inner join sys.schemas as schemas
    on objects.schema_id = schemas.schema_id
inner join sys.columns as columns
    on objects.object_id = columns.object_id
inner join sys.types as types
    on columns.user_type_id = types.user_type_id
left join (
    select
        partitions.object_id as object_id,
        sum(partitions.rows) as row_count
    from sys.partitions as partitions
    where partitions.index_id in (0, 1)
    group by partitions.object_id
) as counted
    on objects.object_id = counted.object_id
where objects.type in ('U', 'V') and objects.is_ms_shipped = 0
order by schemas.name, objects.name, columns.column_id
