-- Which record of the extracts each cell of the return comes from: one row for each row and field, with the first of
-- the records that could have given the value.
{{ config(materialized='view') }}
with

cells as (
    select * from {{ unpivoted_return(ref('cld_return_rows'), with_blanks=true) }}
),

rows_of_return as (
    select * from {{ ref('cld_rows') }}
),

services as (
    select * from {{ ref('cnf_services') }}
),

field_sources as (
    select * from {{ ref('spec_field_sources') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

cells_of_rows as (
    select
        rows_of_return.cld_row_id,
        rows_of_return.person_id,
        rows_of_return.client_type,
        rows_of_return.event_day,
        coalesce(rows_of_return.event_type, 'association') as row_kind,
        case
            when
                rows_of_return.source_table = 'service_line'
                then coalesce(services.end_basis, 'open')
        end as end_basis,
        cells.snake_name,
        cells.cld_value
    from rows_of_return
    inner join cells
        on rows_of_return.cld_row_id = cells.cld_row_id
    left join services
        on
            rows_of_return.source_table = services.source_table
            and rows_of_return.source_record_id = services.source_record_id
),

-- Values over time carry their own record.
dated as (
    select
        cells_of_rows.cld_row_id,
        cells_of_rows.snake_name,
        cells_of_rows.cld_value,
        person_values.source_table,
        person_values.source_record_id,
        person_values.source_column,
        person_values.raw_value,
        person_values.mapping_id,
        field_sources.how_it_is_made,
        field_sources.model,
        1 as precedence
    from cells_of_rows
    inner join field_sources
        on
            cells_of_rows.snake_name = field_sources.snake_name
            and field_sources.record_role = 'history'
    inner join fields
        on cells_of_rows.snake_name = fields.snake_name
    left join {{ ref('cnf_person_values') }} as person_values
        on
            cells_of_rows.person_id = person_values.person_id
            and fields.header = person_values.cld_field
            and person_values.as_at = {{ day_of_value('fields.value_rule', 'cells_of_rows.event_day') }}
),

recorded as (
    select
        cells_of_rows.cld_row_id,
        cells_of_rows.snake_name,
        cells_of_rows.cld_value,
        row_records.source_table,
        row_records.source_record_id,
        field_sources.source_column,
        raw_cells.raw_value,
        mapping_use.mapping_id,
        field_sources.how_it_is_made,
        field_sources.model,
        field_sources.precedence
    from cells_of_rows
    inner join field_sources
        on
            cells_of_rows.snake_name = field_sources.snake_name
            and field_sources.row_kind in ('any', cells_of_rows.row_kind)
            and coalesce(field_sources.record_role, '') <> 'history'
            and (
                field_sources.only_when is null
                or cells_of_rows.end_basis = field_sources.only_when
            )
    left join {{ ref('cld_row_records') }} as row_records
        on
            cells_of_rows.cld_row_id = row_records.cld_row_id
            and field_sources.source_table = row_records.source_table
            and case field_sources.record_role
                when 'carer_hours' then 'carer_link' else field_sources.record_role
            end = row_records.record_role
    left join {{ ref('cnf_raw_cells') }} as raw_cells
        on
            row_records.source_table = raw_cells.source_table
            and row_records.source_record_id = raw_cells.source_record_id
            and field_sources.source_column = raw_cells.source_column
    left join {{ ref('cnf_mapping_use') }} as mapping_use
        on
            mapping_use.source_table = case
                when field_sources.source_table = 'service_package' then 'service_line'
                else row_records.source_table
            end
            and mapping_use.source_record_id = case
                when cells_of_rows.row_kind = {{ cld_value('service') }}
                    and field_sources.source_table in ('service_package', 'service_line')
                    then (
                        select rows_of_return.source_record_id from rows_of_return
                        where rows_of_return.cld_row_id = cells_of_rows.cld_row_id
                    )
                else row_records.source_record_id
            end
            and field_sources.mapping_column = mapping_use.mapping_column
),

traced as (
    select * from dated
    union all
    select * from recorded
),

-- Of several records that could have given the value, the first that holds anything.
ranked as (
    select
        traced.*,
        row_number() over (
            partition by traced.cld_row_id, traced.snake_name
            order by
                (traced.raw_value is null),
                (traced.raw_value is distinct from traced.cld_value),
                traced.precedence,
                traced.source_record_id
        ) as preference
    from traced
)

select
    cells_of_rows.cld_row_id,
    cells_of_rows.client_type,
    cells_of_rows.row_kind,
    cells_of_rows.snake_name,
    cells_of_rows.cld_value,
    ranked.snake_name is not null as has_source,
    ranked.source_table,
    ranked.source_record_id,
    ranked.source_column,
    ranked.raw_value,
    ranked.mapping_id,
    ranked.how_it_is_made,
    ranked.model as decided_in
from cells_of_rows
left join ranked
    on
        cells_of_rows.cld_row_id = ranked.cld_row_id
        and cells_of_rows.snake_name = ranked.snake_name
        and ranked.preference = 1
