-- Tables, columns and row counts of an Oracle database: names and counts, no data.
-- The counts are those of the last gathering of statistics; they are empty for views.
select
    columns.owner as table_schema,
    columns.table_name as table_name,
    columns.column_name as column_name,
    columns.data_type as data_type,
    counted.num_rows as row_count
from all_tab_columns columns
left join all_tables counted
    on columns.owner = counted.owner and columns.table_name = counted.table_name
inner join all_users owners
    on columns.owner = owners.username and owners.oracle_maintained = 'N'
order by columns.owner, columns.table_name, columns.column_id
