-- Every row of every submission as the rules read it: blank cells null, dates only as dd/mm/yyyy,
-- numbers unrounded, a value of Release 1 as the value that took its place (so that no rule speaks of a
-- mere spelling), and the row's profile, on which depends what each field must hold.
{% set listed_fields = cld_fields('defined list') %}
with

submitted_rows as (
    select * from {{ ref('sub_rows') }}
),

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

earlier_values as (
    select * from {{ ref('dq_earlier_values') }}
    where value_now is not null
),

-- Few files hold any: the cells of the others are not looked up.
earlier_files as (
    select distinct earlier_values.submission_id
    from earlier_values
),

client_types as (
    select code_lists.value as client_type
    from {{ ref('spec_code_lists') }} as code_lists
    where code_lists.release = '{{ setting("cld_release") }}' and code_lists.field = 'Client Type'
),

event_types as (
    select code_lists.value as event_type
    from {{ ref('spec_code_lists') }} as code_lists
    where code_lists.release = '{{ setting("cld_release") }}' and code_lists.field = 'Event Type'
),

read_rows as (
    select
        submitted_rows.submission_id,
        submitted_rows.row_number,
        {% for field in cld_fields() if field not in listed_fields %}
        {{ blank_to_null('submitted_rows.' ~ field) }} as {{ field }},
        {% endfor %}
        {% for field in listed_fields %}
        coalesce(
            case
                when earlier_files.submission_id is not null
                    then {{ looked_up(
                        'earlier_values', 'field_value', 'value_now',
                        "known.field_name = '" ~ field ~ "'", 'submitted_rows.' ~ field
                    ) }}
            end,
            {{ blank_to_null('submitted_rows.' ~ field) }}
        ) as {{ field }},
        {% endfor %}
        case
            when earlier_files.submission_id is not null
                then {{ texts_by_name('submitted_rows', listed_fields) }}
        end as submitted_words,
        case
            when submitted_rows.reporting_period_start_date like '__/__/____'
                then submitted_rows.reporting_period_start_date_date
        end as reporting_period_start_day,
        case
            when submitted_rows.reporting_period_end_date like '__/__/____'
                then submitted_rows.reporting_period_end_date_date
        end as reporting_period_end_day,
        case
            when submitted_rows.date_of_birth like '__/__/____'
                then submitted_rows.date_of_birth_date
        end as date_of_birth_day,
        case
            when submitted_rows.date_of_death like '__/__/____'
                then submitted_rows.date_of_death_date
        end as date_of_death_day,
        case
            when submitted_rows.event_start_date like '__/__/____'
                then submitted_rows.event_start_date_date
        end as event_start_day,
        case
            when submitted_rows.event_end_date like '__/__/____'
                then submitted_rows.event_end_date_date
        end as event_end_day,
        {{ submitted_amount('submitted_rows.unit_cost', 'decimal(28, 10)') }} as unit_cost_number,
        {{ submitted_amount('submitted_rows.planned_units_per_week', 'decimal(28, 10)') }}
            as planned_units_number,
        submitted_rows.no_of_adults_being_cared_for_value as no_of_adults_number
    from submitted_rows
    left join earlier_files on submitted_rows.submission_id = earlier_files.submission_id
),

dated_rows as (
    select
        read_rows.*,
        {{ age_on('read_rows.date_of_birth_day', 'read_rows.reporting_period_end_day') }}
            as age_at_period_end
    from read_rows
)

select
    dated_rows.submission_id,
    dated_rows.row_number,
    submissions.imported_at as submission_day,
    coalesce(
        client_types.client_type,
        case when dated_rows.client_type is null then '(blank)' else '(not in the list)' end
    ) || '|' || coalesce(
        event_types.event_type,
        case when dated_rows.event_type is null then '(blank)' else '(not in the list)' end
    ) || '|'
    || case
        when
            dated_rows.age_at_period_end between 18 and 64
            and dated_rows.primary_support_reason = {{ cld_value('learning_disability_support') }}
            then 'working_age_learning_disability|'
        else ''
    end
    || case when dated_rows.date_of_death is not null then 'date_of_death_filled|' else '' end
    || case
        when dated_rows.review_reason like {{ cld_value('any_planned_review') }}
            then 'planned_review|'
        else ''
    end
    || case
        when
            coalesce(dated_rows.delivery_mechanism, '') <> {{ cld_value('commissioned_support') }}
            and coalesce(dated_rows.cost_frequency_unit_type, '') <> {{ cld_value('no_charge') }}
            and (
                dated_rows.service_type like {{ cld_value('any_long_term_support') }}
                or dated_rows.service_type like {{ cld_value('any_carer_support') }}
                or dated_rows.service_component in (
                    {{ cld_value([
                        'short_term_residential_care', 'short_term_nursing_care',
                        'unpaid_carer_respite',
                    ]) }}
                )
            )
            then 'cost_expected|'
        else ''
    end as row_profile,
    coalesce(
        dated_rows.client_type
        in ({{ cld_value(['unpaid_carer', 'carer_known_by_association']) }}),
        false
    ) as is_carer_row,
    {{ cld_columns('dated_rows') }},
    dated_rows.reporting_period_start_day,
    dated_rows.reporting_period_end_day,
    dated_rows.date_of_birth_day,
    dated_rows.date_of_death_day,
    dated_rows.event_start_day,
    dated_rows.event_end_day,
    dated_rows.unit_cost_number,
    dated_rows.planned_units_number,
    dated_rows.no_of_adults_number,
    dated_rows.age_at_period_end,
    dated_rows.submitted_words
from dated_rows
inner join submissions on dated_rows.submission_id = submissions.submission_id
left join client_types on dated_rows.client_type = client_types.client_type
left join event_types on dated_rows.event_type = event_types.event_type
