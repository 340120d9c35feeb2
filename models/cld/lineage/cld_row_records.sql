-- Which record plays which part for a row of the return, for following a cell back: one row a part.
{{ config(materialized='ephemeral') }}
with

rows_of_return as (
    select * from {{ ref('cld_rows') }}
),

services as (
    select
        rows_of_return.cld_row_id,
        spans.first_line_id,
        spans.line_in_force_id,
        spans.last_line_id,
        spans.last_package_id,
        lines.package_id as package_in_force_id,
        lines.provider_id
    from rows_of_return
    inner join {{ ref('cnf_service_spans') }} as spans
        on
            rows_of_return.source_table = 'service_line'
            and rows_of_return.source_record_id = spans.first_line_id
    inner join {{ ref('cnf_service_lines') }} as lines
        on spans.line_in_force_id = lines.line_id
),

{% set parts = {
    'first_line': ['service_line', 'first_line_id'],
    'line_in_force': ['service_line', 'line_in_force_id'],
    'last_line': ['service_line', 'last_line_id'],
    'package_in_force': ['service_package', 'package_in_force_id'],
    'last_package': ['service_package', 'last_package_id'],
    'provider': ['provider', 'provider_id'],
} -%}
parts_of_services as (
    {% for part, (source_table, column) in parts.items() %}
    select
        services.cld_row_id,
        '{{ part }}' as record_role,
        '{{ source_table }}' as source_table,
        services.{{ column }} as source_record_id
    from services
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    rows_of_return.cld_row_id,
    'event' as record_role,
    rows_of_return.source_table,
    rows_of_return.source_record_id
from rows_of_return
where rows_of_return.source_table <> 'service_line'
union all
select * from parts_of_services
union all
select
    row_sources.cld_row_id,
    case row_sources.source_table
        when 'person_identifier' then 'nhs_number'
        when 'relationship' then 'carer_link'
        else row_sources.source_table
    end as record_role,
    row_sources.source_table,
    row_sources.source_record_id
from {{ ref('cld_row_sources') }} as row_sources
where row_sources.source_table in ('person', 'person_identifier', 'rate', 'relationship')
