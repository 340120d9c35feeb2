-- One row is one price of one line item, its days typed. A row that stands twice is one.
with

export as (

    select distinct * from {{ source('landed', 'controcc_export') }}

)

select
    {% for name in ('start', 'end', 'pricestart', 'priceend') -%}
    cast(
        coalesce(
            try_cast("{{ name }}" as timestamp),
            try_strptime("{{ name }}", '%d/%m/%Y'),
            try_strptime("{{ name }}", '%d/%m/%Y %H:%M'),
            try_strptime("{{ name }}", '%d/%m/%Y %H:%M:%S')
        ) as date
    ) as {{ name }}_day,
    {% endfor -%}
    *
from export
