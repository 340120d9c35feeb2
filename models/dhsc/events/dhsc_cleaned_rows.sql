-- Every row of the submissions DHSC selects, with coded values cleaned and its derived fields that
-- do not depend on the period.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
with

selection as (

    select distinct submission_id from {{ ref('dhsc_selection') }}

),

files as (

    select * from {{ ref('sub_files') }}

),

submitted_rows as (

    select * from {{ ref('sub_rows') }}

),

value_map as (

    select * from {{ ref('dhsc_value_map') }}

),

ons_deaths as (

    select * from {{ ref('sub_registered_deaths') }}

),

-- DHSC's record id only breaks ties: the order in which a council's files arrive, then the row in the file.
file_order as (

    select
        files.submission_id,
        files.la_code,
        files.imported_at,
        coalesce(
            sum(files.row_count) over (
                partition by files.la_code
                order by {{ sent_order('files') }}
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as rows_before
    from files

),

prepared as (

    select
        submitted_rows.row_id,
        file_order.submission_id,
        file_order.la_code,
        file_order.imported_at,
        cast(file_order.rows_before + submitted_rows.row_number as bigint) as der_unique_record_id,
        nullif(nullif(replace({{ dhsc_key('submitted_rows.nhs_number') }}, ' ', ''), ''), 'null')
            as nhs_number,
        nullif(lower({{ end_trimmed('submitted_rows.la_person_unique_identifier') }}), '') as la_person_key,
        submitted_rows.la_person_unique_identifier,
        submitted_rows.date_of_birth_date as date_of_birth,
        submitted_rows.date_of_death_date as submitted_date_of_death,
        submitted_rows.event_start_date_date as event_start_date,
        submitted_rows.event_end_date_date as event_end_date,
        submitted_rows.unit_cost_value as unit_cost,
        submitted_rows.planned_units_per_week_value as planned_units_per_week,
        {{ dhsc_text('submitted_rows.autism_spectrum_disorder_asd') }}
            as autism_spectrum_disorder_asd,
        {{ dhsc_text('submitted_rows.dementia') }}
            as dementia,
        {{ dhsc_text('submitted_rows.eligible_needs_identified') }}
            as eligible_needs_identified,
        {{ dhsc_text('submitted_rows.total_hrs_caring_per_week') }}
            as total_hrs_caring_per_week,
        submitted_rows.no_of_adults_being_cared_for,
        {{ dhsc_text('submitted_rows.adult_1_linked_person_id') }}
            as adult_1_linked_person_id,
        {{ dhsc_text('submitted_rows.adult_2_linked_person_id') }}
            as adult_2_linked_person_id,
        {{ dhsc_text('submitted_rows.adult_3_linked_person_id') }}
            as adult_3_linked_person_id,
        submitted_rows.provider_cqc_location_name,
        submitted_rows.provider_cqc_location_id,
        submitted_rows.event_type as event_type_raw,
        {{ dhsc_text('submitted_rows.has_unpaid_carer') }} as has_unpaid_carer_raw,
        case
            when lower(submitted_rows.event_description) like '%conversation%' then 1
            else 0
        end as der_conversation,
        {%- for column, field in dhsc_coded_columns() %}
        {{ dhsc_key('submitted_rows.' ~ column) }} as {{ column }}_key{{ ',' if not loop.last }}
        {%- endfor %}
    from submitted_rows
    inner join selection
        on submitted_rows.submission_id = selection.submission_id
    inner join file_order
        on submitted_rows.submission_id = file_order.submission_id

),

-- DHSC's mapping tables are not public: a value in no list becomes 'Invalid and not mapped'.
cleaned as (

    select
        prepared.*,
        {%- for column, field in dhsc_coded_columns() %}
        case
            when prepared.{{ column }}_key is not null
                then coalesce({{ column }}_map.cleaned_value, {{ dhsc_value('invalid') }})
        end as {{ column }}_cleaned{{ ',' if not loop.last }}
        {%- endfor %}
    from prepared
    {%- for column, field in dhsc_coded_columns() %}
    left join value_map as {{ column }}_map
        on
            prepared.{{ column }}_key = {{ column }}_map.value_key
            and {{ column }}_map.field = '{{ field }}'
    {%- endfor %}

)

select
    cleaned.row_id,
    cleaned.submission_id,
    cleaned.la_code,
    cleaned.imported_at,
    cleaned.der_unique_record_id,
    cleaned.la_person_key,
    cleaned.la_person_unique_identifier,
    cleaned.date_of_birth,
    cleaned.event_start_date,
    cleaned.event_end_date,
    cleaned.unit_cost,
    cleaned.planned_units_per_week,
    cleaned.autism_spectrum_disorder_asd,
    cleaned.dementia,
    cleaned.eligible_needs_identified,
    cleaned.total_hrs_caring_per_week,
    cleaned.no_of_adults_being_cared_for,
    cleaned.adult_1_linked_person_id,
    cleaned.adult_2_linked_person_id,
    cleaned.adult_3_linked_person_id,
    cleaned.provider_cqc_location_name,
    cleaned.provider_cqc_location_id,
    cleaned.has_unpaid_carer_raw,
    cleaned.der_conversation,
    -- The values as submitted, in lower case, of the fields that tell events apart.
    cleaned.event_type_key,
    cleaned.client_type_key,
    cleaned.request_route_of_access_key,
    cleaned.assessment_type_key,
    cleaned.service_type_key,
    cleaned.service_component_key,
    {%- for column, field in dhsc_coded_columns() %}
    cleaned.{{ column }}_cleaned,
    {%- endfor %}
    coalesce(cleaned.nhs_number, cleaned.la_code || '_' || cleaned.la_person_key)
        as der_nhs_la_combined_person_id,
    {%- if setting('method_version') == 'jun2026' %}
    cleaned.submitted_date_of_death as date_of_death,
    cleaned.event_type_raw as event_type,
    {%- else %}
    -- Where a file of ONS deaths is given it replaces the council's date of everybody with an NHS
    -- number, even by nothing: so does DHSC.
    case
        when {{ 'false' if setting('ons_deaths_path') == '' else 'cleaned.nhs_number is not null' }}
            then ons_deaths.date_of_death
        else cleaned.submitted_date_of_death
    end as date_of_death,
    -- A word in no list stays, so that it can be seen; DHSC's later code calls it invalid.
    case
        when cleaned.event_type_cleaned = {{ dhsc_value('invalid') }} then cleaned.event_type_raw
        else cleaned.event_type_cleaned
    end as event_type,
    {%- endif %}
    -- The filter looks for the word in what was sent, also where later code has the cleaned type.
    cleaned.event_type_key like {{ dhsc_value('service', 'holds') }} as is_service,
    cast(date_trunc('month', cleaned.date_of_birth) as date) as der_birth_date
from cleaned
left join ons_deaths
    on cleaned.nhs_number = ons_deaths.nhs_number
