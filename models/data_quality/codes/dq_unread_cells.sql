-- What was not understood, record by record; none when include_built is false.
{{ config(materialized='view') }}
{% if setting('include_built') %}
select
    cells.source_table,
    cells.source_record_id,
    cells.source_column,
    cells.kind,
    cells.form,
    cells.became_code,
    cells.became,
    cells.filled_count,
    cells.team_id,
    cells.probable_code
from {{ ref('cld_unread_cells') }} as cells
{% else %}
select
    cast(null as string) as source_table,
    cast(null as string) as source_record_id,
    cast(null as string) as source_column,
    cast(null as string) as kind,
    cast(null as string) as form,
    cast(null as string) as became_code,
    cast(null as string) as became,
    cast(null as integer) as filled_count,
    cast(null as string) as team_id,
    cast(null as string) as probable_code
where false
{% endif %}
