-- Why a cell of the return says what it says, or is blank: one row for each row and field. A view: whoever asks
-- about one row (cld_row_id) pays for one row, and nothing is landed or built to answer.
{{ config(materialized='view') }}
with

fields as (
    select * from {{ ref('spec_fields') }}
),

unread_cells as (
    select distinct
        unread.source_table,
        unread.source_record_id,
        unread.source_column
    from {{ ref('cld_unread_cells') }} as unread
),

row_kinds as (
    select distinct
        rows_of_return.client_type,
        coalesce(rows_of_return.event_type, 'association') as row_kind
    from {{ ref('cld_rows') }} as rows_of_return
),

-- Fields that do not apply to a kind of row, by the conditions that the NAP rules check.
not_applicable as (
    select distinct
        conditions.field_name,
        row_kinds.client_type,
        row_kinds.row_kind
    from {{ ref('spec_field_conditions') }} as conditions
    inner join row_kinds
        on
            {{ holds_for('conditions.client_types', 'row_kinds.client_type') }}
            and {{ holds_for('conditions.event_types', 'row_kinds.row_kind') }}
    where conditions.field_status = 'Not applicable'
)

select
    sources.cld_row_id,
    return_rows.row_number,
    return_rows.event_reference,
    return_rows.la_person_unique_identifier,
    fields.field_order,
    fields.header as cld_field,
    sources.cld_value,
    sources.source_table,
    sources.source_record_id,
    sources.source_column,
    sources.raw_value,
    sources.mapping_id,
    sources.how_it_is_made,
    sources.decided_in,
    case
        when sources.cld_value is not null then null
        when not_applicable.field_name is not null or not sources.has_source then 'not_asked'
        when unread_cells.source_record_id is not null then 'not_understood'
        when sources.raw_value is not null then 'not_sent'
        when sources.source_record_id is not null then 'not_recorded'
        else 'no_record'
    end as why_blank
from {{ ref('cld_cell_sources') }} as sources
inner join {{ ref('cld_return_rows') }} as return_rows
    on sources.cld_row_id = return_rows.cld_row_id
inner join fields
    on sources.snake_name = fields.snake_name
left join not_applicable
    on
        sources.snake_name = not_applicable.field_name
        and sources.client_type = not_applicable.client_type
        and sources.row_kind = not_applicable.row_kind
left join unread_cells
    on
        sources.source_table = unread_cells.source_table
        and sources.source_record_id = unread_cells.source_record_id
        and sources.source_column = unread_cells.source_column
