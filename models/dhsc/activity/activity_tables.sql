-- The activity tables LTS001a, b, c, LTS003 and LTS004 as counts of people on Release 2 values, shaped
-- like NHS England's of 2023-24: one row per council, table, part, row and column.
with

long_term_people as (

    select * from {{ ref('activity_long_term_people') }}

),

carers as (

    select * from {{ ref('activity_carers') }}

),

learning_disability_people as (

    select * from {{ ref('activity_learning_disability_people') }}

),

cells as (

    select
        long_term_people.la_code,
        long_term_people.activity_table,
        'support reason, ' || long_term_people.age_band as table_part,
        long_term_people.primary_support_reason as row_label,
        long_term_people.service_type || ', ' || long_term_people.delivery_mechanism
            as column_label
    from long_term_people
    union all
    select
        long_term_people.la_code,
        long_term_people.activity_table,
        'has unpaid carer' as table_part,
        long_term_people.has_unpaid_carer as row_label,
        'People' as column_label
    from long_term_people
    where long_term_people.activity_table = 'LTS001b'
    union all
    select
        long_term_people.la_code,
        long_term_people.activity_table,
        'ethnicity, ' || case
            when long_term_people.gender in ({{ dhsc_value(['male', 'female']) }})
                then lower(long_term_people.gender)
            else 'other or unknown gender'
        end as table_part,
        long_term_people.ethnicity as row_label,
        long_term_people.age_band as column_label
    from long_term_people
    where long_term_people.activity_table = 'LTS001b'
    union all
    select
        carers.la_code,
        'LTS003' as activity_table,
        'support to unpaid carers' as table_part,
        carers.support_provided as row_label,
        'People' as column_label
    from carers
    union all
    select
        learning_disability_people.la_code,
        'LTS004' as activity_table,
        'employment' as table_part,
        learning_disability_people.employment_status as row_label,
        learning_disability_people.gender as column_label
    from learning_disability_people
    union all
    select
        learning_disability_people.la_code,
        'LTS004' as activity_table,
        'accommodation, ' || lower(learning_disability_people.accommodation_group) as table_part,
        learning_disability_people.accommodation_status as row_label,
        learning_disability_people.gender as column_label
    from learning_disability_people

)

select
    cells.la_code,
    cells.activity_table,
    cells.table_part,
    cells.row_label,
    cells.column_label,
    cast(count(*) as integer) as people
from cells
group by
    cells.la_code,
    cells.activity_table,
    cells.table_part,
    cells.row_label,
    cells.column_label
