-- The columns of cld_return are the headers of spec_fields: same names, same order, none more.
with

headers as (
    {% for column in adapter.get_columns_in_relation(ref('cld_return')) %}
    select
        {{ loop.index }} as field_order,
        '{{ column.name | replace("'", "''") }}' as header
    {% if not loop.last %}union all{% endif %}
    {% else %}
    select
        cast(null as integer) as field_order,
        cast(null as varchar) as header
    {% endfor %}
)

select
    headers.field_order as order_found,
    headers.header as header_found,
    fields.field_order as order_specified,
    fields.header as header_specified
from headers
full outer join {{ ref('spec_fields') }} as fields
    on headers.field_order = fields.field_order
where headers.header is distinct from fields.header
