-- Every cell of the extracts that nobody understood: one row a record and column. A code that no mapping
-- knows, a word without a meaning, a date, number or flag that is none, a reference that points at nothing.
{% set keys = {
    'person': 'person_id',
    'person_identifier': none,
    'address': 'address_id',
    'gp_registration': none,
    'person_classification': none,
    'relationship': 'relationship_id',
    'contact': 'contact_id',
    'assessment': 'assessment_id',
    'review': 'review_id',
    'service_package': 'package_id',
    'service_line': 'line_id',
    'rate': 'rate_id',
    'provider': 'provider_id',
    'local_code': none,
    'team': 'team_id',
} %}
with

columns as (
    select * from {{ ref('spec_extract_columns') }}
),

references_used as (
    select distinct
        spellings.source_table,
        spellings.source_column,
        spellings.filled_count
    from {{ ref('stg_extracts__references') }} as spellings
),

misread as (
    {% for table, key in keys.items() %}
    select
        '{{ table }}' as source_table,
        {{ 'records.' ~ key if key else "'row ' || records.source_row" }} as source_record_id,
        {{ unread_pairs('records') }}
    from {{ ref('stg_extracts__' ~ table) }} as records
    where records.unreadable_columns is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A box that nobody ticked says no; a column without a single answer was lost on the way.
lost_flags as (
    select
        'relationship' as source_table,
        records.relationship_id as source_record_id,
        'is_unpaid_carer' as source_column,
        '(blank)' as recorded_value
    from {{ ref('stg_extracts__relationship') }} as records
    qualify
        count(
            case
                when
                    records.is_unpaid_carer is not null
                    or not ({{ was_readable('records', ['is_unpaid_carer']) }})
                    then 1
            end
        ) over () = 0
),

unread as (
    select * from misread
    union all
    select * from lost_flags
),

-- A role is a word first, and counted as one.
unmapped as (
    select
        coded_cells.source_table,
        coded_cells.source_record_id,
        coded_cells.source_column,
        coded_cells.code as recorded_value,
        codes.probable_code,
        codes.description is not null as is_described
    from {{ ref('cnf_coded_cells') }} as coded_cells
    inner join {{ ref('cnf_local_code_use') }} as codes
        on
            coded_cells.code_list = codes.code_list
            and coded_cells.code = codes.code
    where
        not codes.is_mapped
        and coded_cells.code_list not in (
            select words.vocabulary from {{ ref('stg_extracts__words') }} as words
        )
)

select
    unread.source_table,
    unread.source_record_id,
    unread.source_column,
    case
        -- 1.23457E+06 in a reference as well: nobody can say which record was meant, however few there are.
        when
            columns.key_role = 'primary key'
            or (
                columns.key_role is not null
                and {{ matches_pattern(
                    'unread.recorded_value', '^[0-9]([.][0-9]+)?[Ee][+]?[0-9]+$'
                ) }}
            )
            then 'key'
        when columns.key_role is not null then 'reference'
        when columns.data_type = 'timestamp' then 'date'
        when columns.data_type in ('integer', 'decimal') then 'number'
        else columns.data_type
    end as kind,
    unread.recorded_value,
    references_used.filled_count,
    cast(null as varchar) as probable_code,
    false as is_described
from unread
inner join columns
    on
        unread.source_table = columns.table_name
        and unread.source_column = columns.column_name
left join references_used
    on
        unread.source_table = references_used.source_table
        and unread.source_column = references_used.source_column
union all
select
    unmapped.source_table,
    unmapped.source_record_id,
    unmapped.source_column,
    'code' as kind,
    unmapped.recorded_value,
    cast(null as integer) as filled_count,
    unmapped.probable_code,
    unmapped.is_described
from unmapped
