-- What the extracts hold that nobody understood, by its form: how often, what became of it, and the limit.
with

cells as (
    select * from {{ ref('dq_unread_cells') }}
),

limits as (
    select * from {{ own_list('unread_limits') }}
    where la_code in ('*', '{{ setting("la_code") }}')
),

forms as (
    select
        cells.source_table,
        cells.source_column,
        cells.kind,
        cells.form,
        count(*) as row_count,
        min(cells.source_record_id) as example_source_record_id,
        min(cells.filled_count) as filled_count,
        {{ joined_text('distinct cells.became', "' '", 'cells.became') }} as became,
        min(cells.probable_code) as probable_code
    from cells
    group by cells.source_table, cells.source_column, cells.kind, cells.form
),

counted as (
    select
        forms.*,
        sum(forms.row_count) over (
            partition by forms.source_table, forms.source_column, forms.kind
        ) as column_count
    from forms
),

-- The row that says most exactly what it is about holds; a share of a few rows is one row at least.
limited as (
    select
        counted.*,
        limits.reason as limit_reason,
        greatest(
            coalesce(cast(limits.accepted_count as integer), 0),
            case
                when cast(limits.accepted_share as double) > 0
                    then greatest(
                            floor(cast(limits.accepted_share as double) * counted.filled_count), 1
                        )
                else 0
            end
        ) as accepted_count,
        row_number() over (
            partition by counted.source_table, counted.source_column, counted.kind, counted.form
            order by
                (limits.la_code = '*'),
                (limits.extract = '*'),
                (limits.column_name = '*'),
                (limits.kind = '*')
        ) as preference
    from counted
    left join limits
        on
            limits.extract in ('*', counted.source_table)
            and limits.column_name in ('*', counted.source_column)
            and limits.kind in ('*', counted.kind)
)

select
    limited.source_table as extract,
    limited.source_column as column_name,
    limited.kind,
    limited.form,
    limited.probable_code,
    cast(limited.row_count as integer) as row_count,
    limited.example_source_record_id,
    limited.became,
    cast(limited.accepted_count as integer) as accepted_count,
    limited.limit_reason,
    limited.column_count > limited.accepted_count as is_beyond_limit
from limited
where limited.preference = 1
