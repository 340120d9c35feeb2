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

-- What the specification wants of a field on this kind of row.
wanted as (
    {% for column in [
        'conformance_request', 'conformance_assessment', 'conformance_service', 'conformance_review',
    ] %}
    select
        fields.snake_name,
        {{ cld_value(column.removeprefix('conformance_')) }} as row_kind,
        fields.{{ column }} as conformance
    from fields
    union all
    {% endfor %}
    select
        fields.snake_name,
        'association' as row_kind,
        fields.conformance_carer_known_by_association as conformance
    from fields
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
        when
            wanted.conformance = 'Not applicable'
            or position(
                '|' || sources.client_type || '|'
                in '|' || fields.applies_to_client_types || '|'
            ) = 0
            or not sources.has_source
            then 'not_asked'
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
left join wanted
    on
        sources.snake_name = wanted.snake_name
        and sources.row_kind = wanted.row_kind
left join unread_cells
    on
        sources.source_table = unread_cells.source_table
        and sources.source_record_id = unread_cells.source_record_id
        and sources.source_column = unread_cells.source_column
