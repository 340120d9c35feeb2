-- The events of the return (stand-in without rows).
select
    cast(null as varchar) as cld_row_id,
    cast(null as varchar) as source_table,
    cast(null as varchar) as source_record_id,
    cast(null as varchar) as team_id
where false
