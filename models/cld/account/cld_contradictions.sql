-- Records whose columns contradict each other or the record that they refer to, or leave open what decides: nobody can
-- say what is true, and yet the return says something. One row a record and contradiction, in words without a value.
{% set period = [date_setting('reporting_period_start'), date_setting('reporting_period_end')] %}
with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

exclusions as (
    select * from {{ ref('cld_exclusions') }}
),

rows_of_return as (
    select * from {{ ref('cld_rows') }}
),

people_in_return as (
    select distinct rows_of_return.person_id
    from rows_of_return
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

people as (
    select * from {{ ref('stg_extracts__person') }}
),

contacts as (
    select * from {{ ref('stg_extracts__contact') }}
),

assessments as (
    select * from {{ ref('stg_extracts__assessment') }}
),

reviews as (
    select * from {{ ref('stg_extracts__review') }}
),

packages as (
    select * from {{ ref('stg_extracts__service_package') }}
),

lines as (
    select * from {{ ref('cnf_service_lines') }}
),

chains as (
    select * from {{ ref('cnf_service_chains') }}
),

services as (
    select * from {{ ref('cnf_service_spans') }}
),

service_mappings as (
    select * from {{ ref('cnf_map_services') }}
),

relationships as (
    select * from {{ ref('stg_extracts__relationship') }}
),

events as (
    {% for table, key, cte in [
        ('contact', 'contact_id', 'contacts'), ('assessment', 'assessment_id', 'assessments'),
        ('review', 'review_id', 'reviews'),
    ] %}
    select
        '{{ table }}' as source_table,
        {{ cte }}.{{ key }} as source_record_id,
        {{ cte }}.person_id,
        {{ cte }}.subject_role,
        cast({{ cte }}.completed_at as date) as completed_date
    from {{ cte }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

open_yet_completed as (
    select
        events.source_table,
        events.source_record_id,
        'status says that it is open, completed_at says that it was completed in the period; it is left out'
            as contradiction
    from events
    inner join exclusions
        on
            events.source_table = exclusions.source_table
            and events.source_record_id = exclusions.source_record_id
    where
        exclusions.reason_code = 'OPEN'
        and events.completed_date between {{ period | join(' and ') }}
),

-- A year typed wrong as well: nothing was completed long after the file is sent, and no service is planned so far.
far_ahead as (
    {% for model, column, days in [
        ('cnf_requests', 'event_end_date', 92), ('cnf_assessments', 'event_end_date', 92),
        ('cnf_reviews', 'event_end_date', 92), ('cnf_service_details', 'event_start_date', 366),
    ] %}
    select
        events.source_table,
        events.source_record_id,
        {% if days == 92 %}
        'it is completed months after the day of sending; it is left out' as contradiction
        {% else %}
        'it begins more than a year after the day of sending; it is left out' as contradiction
        {% endif %}
    from {{ ref(model) }} as events
    where
        events.exclusion_code in ('ENDED_AFTER_PERIOD', 'STARTS_AFTER_PERIOD')
        and events.{{ column }} - {{ date_setting('submission_date') }} > {{ days }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- CARED_FOR is a role of support; the carer of an event is a person of their own.
cared_for_as_carers as (
    select
        events.source_table,
        events.source_record_id,
        'subject_role says that the person is cared for, and the return says unpaid carer' as contradiction
    from events
    inner join rows_of_return
        on
            events.source_table = rows_of_return.source_table
            and events.source_record_id = rows_of_return.source_record_id
    where
        events.subject_role = 'CARED_FOR'
        and rows_of_return.client_type = {{ cld_value('unpaid_carer') }}
),

-- A year typed wrong on a form: far from the step, and within it as soon as the year is the step's.
form_days as (
    {% for column in ['form_start_date', 'form_end_date'] %}
    select
        assessments.assessment_id,
        '{{ column }}' as column_name,
        assessments.{{ column }} as form_date,
        cast(assessments.started_at as date) as step_start_date,
        cast(assessments.completed_at as date) as step_end_date
    from assessments
    where assessments.status = 'COMPLETED'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

wrong_years as (
    select
        'assessment' as source_table,
        form_days.assessment_id as source_record_id,
        form_days.column_name || ' lies years from started_at and completed_at, and between them in their year'
            as contradiction
    from form_days
    left join returned
        on
            returned.source_table = 'assessment'
            and form_days.assessment_id = returned.source_record_id
    where
        (
            returned.source_record_id is not null
            or form_days.step_end_date between {{ period | join(' and ') }}
        )
        and not form_days.form_date between form_days.step_start_date - 180 and form_days.step_end_date + 180
        and form_days.form_date + to_years(
            cast(year(form_days.step_end_date) - year(form_days.form_date) as integer)
        ) between form_days.step_start_date - 31 and form_days.step_end_date
),

-- What never began ends for no reason, and nobody reviews it.
reviewed_packages as (
    select distinct reviews.package_id
    from reviews
    where
        reviews.status = 'COMPLETED'
        and cast(reviews.completed_at as date) between {{ period | join(' and ') }}
),

packages_that_ran as (
    select
        'service_package' as source_table,
        packages.package_id as source_record_id,
        'status says that it never began, ' || case
            when reviewed_packages.package_id is not null then 'a review in the period that it did'
            else 'end_date and end_reason_code that it ran'
        end || '; it is left out' as contradiction
    from packages
    inner join person_records
        on packages.person_id = person_records.person_id
    left join reviewed_packages
        on packages.package_id = reviewed_packages.package_id
    where
        packages.status in ('PROPOSED', 'APPROVED', 'CANCELLED')
        and person_records.survivor_person_id is not null
        and packages.start_date <= {{ period[1] }}
        and (
            reviewed_packages.package_id is not null
            or (
                packages.end_reason_code is not null
                and packages.end_date > packages.start_date
                and packages.end_date between {{ period[0] }} and {{ date_setting('submission_date') }}
            )
        )
        and exists (
            select 1 from lines
            where lines.package_id = packages.package_id and lines.exclusion_code in ('CANCELLED', 'NEVER_BEGAN')
        )
),

returned_services as (
    select
        services.first_line_id,
        services.last_line_id,
        services.end_date,
        services.end_basis,
        services.package_end_date,
        packages.package_id,
        packages.status
    from services
    inner join returned
        on
            returned.source_table = 'service_line'
            and services.first_line_id = returned.source_record_id
    inner join packages
        on services.last_package_id = packages.package_id
),

ended_without_end as (
    select distinct
        'service_package' as source_table,
        returned_services.package_id as source_record_id,
        'status says that it has ended, and no end is recorded; the return says that it runs' as contradiction
    from returned_services
    where returned_services.status = 'ENDED' and returned_services.end_date is null
),

-- A few days are how systems close; more than a pause may last is another end.
ended_after_package as (
    select
        'service_line' as source_table,
        returned_services.last_line_id as source_record_id,
        'end_date lies long after that of the package; the return has the end of the line' as contradiction
    from returned_services
    where
        returned_services.end_basis = 'line'
        and returned_services.end_date - returned_services.package_end_date > {{ setting('replaced_service_days') }}
),

-- What a line says it continues and yet cannot: another person's, itself, one that begins later; or what another
-- line, over by then, continues already (systems that name the original line on every later one).
lines_continued as (
    select
        chains.predecessor_id,
        lines.end_date
    from chains
    inner join lines
        on chains.line_id = lines.line_id
    where chains.link_basis = 'previous_line_id'
),

not_continued as (
    select distinct
        'service_line' as source_table,
        lines.line_id as source_record_id,
        case
            when lines.line_id = predecessors.line_id then 'previous_line_id names the line itself'
            when lines.person_id <> predecessors.person_id
                then 'previous_line_id names a line of another person; the return has a service of its own'
            when lines.start_date < predecessors.start_date
                then 'previous_line_id names a line that begins later; it is not followed'
            else
                'previous_line_id names a line that another continues, which was over by then; the return has a service'
                || ' of its own'
        end as contradiction
    from lines
    inner join returned
        on
            returned.source_table = 'service_line'
            and lines.line_id = returned.source_record_id
    inner join lines as predecessors
        on lines.previous_line_id = predecessors.line_id
    left join chains
        on
            lines.line_id = chains.line_id
            and predecessors.line_id = chains.predecessor_id
    left join lines_continued
        on
            predecessors.line_id = lines_continued.predecessor_id
            and lines.start_date >= lines_continued.end_date
    where
        predecessors.exclusion_code is null
        and chains.line_id is null
        and (
            lines.line_id = predecessors.line_id
            or lines.person_id <> predecessors.person_id
            or lines.start_date < predecessors.start_date
            or (
                lines_continued.predecessor_id is not null
                and lines.service_type is not distinct from predecessors.service_type
                and lines.service_component is not distinct from predecessors.service_component
            )
        )
),

-- The row of the mapping for any package type is meant for types that it does not name, not for none.
untyped as (
    select distinct
        'service_package' as source_table,
        lines.package_id as source_record_id,
        'package_type_code is blank, and map_services has other service types for some; the return has that for any'
            as contradiction
    from lines
    inner join returned
        on
            returned.source_table = 'service_line'
            and lines.line_id = returned.source_record_id
    inner join service_mappings as chosen
        on lines.service_mapping_id = chosen.mapping_id
    inner join service_mappings as named
        on
            lines.element_code = named.element_code
            and named.subject_role in ('*', lines.subject_role)
            and {{ in_force('named', 'lines.start_date') }}
    where
        lines.package_type_code is null
        and named.package_type_code <> '*'
        and (
            chosen.service_type is distinct from named.service_type
            or chosen.service_component is distinct from named.service_component
        )
),

-- An event and what it followed are of one person, or of a carer and the adult cared for.
references_to_others as (
    select
        'assessment' as source_table,
        assessments.assessment_id as source_record_id,
        'contact_id' as column_name,
        assessments.person_id,
        contacts.person_id as other_person_id
    from assessments
    inner join contacts
        on assessments.contact_id = contacts.contact_id
    union all
    select
        'review' as source_table,
        reviews.review_id as source_record_id,
        'package_id' as column_name,
        reviews.person_id,
        packages.person_id as other_person_id
    from reviews
    inner join packages
        on reviews.package_id = packages.package_id
),

related_people as (
    select
        own_records.survivor_person_id as person_id,
        other_records.survivor_person_id as other_person_id
    from relationships
    inner join person_records as own_records
        on relationships.person_id = own_records.person_id
    inner join person_records as other_records
        on relationships.related_person_id = other_records.person_id
),

of_other_people as (
    select
        references_to_others.source_table,
        references_to_others.source_record_id,
        references_to_others.column_name || ' names a record of another person' as contradiction
    from references_to_others
    inner join returned
        on
            references_to_others.source_table = returned.source_table
            and references_to_others.source_record_id = returned.source_record_id
    inner join person_records as own_records
        on references_to_others.person_id = own_records.person_id
    inner join person_records as other_records
        on references_to_others.other_person_id = other_records.person_id
    where
        own_records.survivor_person_id <> other_records.survivor_person_id
        and not exists (
            select 1 from related_people
            where
                (
                    related_people.person_id = own_records.survivor_person_id
                    and related_people.other_person_id = other_records.survivor_person_id
                )
                or (
                    related_people.person_id = other_records.survivor_person_id
                    and related_people.other_person_id = own_records.survivor_person_id
                )
        )
),

-- What ends the day before it begins never held: so systems note it. Earlier than that, one day is wrong.
dated_records as (
    {% for table, key in {
        'address': 'records.address_id', 'gp_registration': "'row ' || records.source_row",
        'person_classification': "'row ' || records.source_row",
    }.items() %}
    select
        '{{ table }}' as source_table,
        {{ key }} as source_record_id,
        records.person_id,
        records.start_date,
        records.end_date
    from {{ ref('stg_extracts__' ~ table) }} as records
    union all
    {% endfor %}
    select
        'relationship' as source_table,
        relationships.relationship_id as source_record_id,
        relationships.related_person_id as person_id,
        relationships.start_date,
        relationships.end_date
    from relationships
    where relationships.is_unpaid_carer
),

dates_reversed as (
    select
        dated_records.source_table,
        dated_records.source_record_id,
        'end_date lies before start_date; it counts on no day' as contradiction
    from dated_records
    inner join person_records
        on dated_records.person_id = person_records.person_id
    inner join people_in_return
        on person_records.survivor_person_id = people_in_return.person_id
    where
        dated_records.end_date < dated_records.start_date - 1
        and dated_records.start_date >= {{ period[0] }}
        and dated_records.end_date <= {{ period[1] }}
),

returned_rates as (
    select rates.*
    from {{ ref('stg_extracts__rate') }} as rates
    inner join returned
        on
            returned.source_table = 'rate'
            and rates.rate_id = returned.source_record_id
),

rates_reversed as (
    select
        'rate' as source_table,
        returned_rates.rate_id as source_record_id,
        'end_date lies before start_date; the return has its amount' as contradiction
    from returned_rates
    where returned_rates.end_date < returned_rates.start_date
),

-- A contribution under the type of a gross cost, or a correction of one.
rates_deducted as (
    select
        'rate' as source_table,
        returned_rates.rate_id as source_record_id,
        'amount is below zero and map_rates counts its type into the unit cost; the return has it deducted'
            as contradiction
    from returned_rates
    where returned_rates.amount < 0
),

contradicting_people as (
    select
        people.person_id,
        people.merged_into_person_id <> people.person_id
        and people.record_status = 'ACTIVE' as is_merged_yet_active,
        births.birth_date_basis = 'date_of_birth'
        and (
            people.birth_year <> year(people.date_of_birth)
            or people.birth_month <> month(people.date_of_birth)
            or people.birth_day <> day(people.date_of_birth)
        ) as is_born_twice
    from people
    inner join people_in_return
        on people.person_id = people_in_return.person_id
    left join {{ ref('cnf_people') }} as births
        on people.person_id = births.person_id
),

people_contradicted as (
    select
        'person' as source_table,
        contradicting_people.person_id as source_record_id,
        'record_status says active, merged_into_person_id that it is merged; the return has it as a person of its own'
            as contradiction
    from contradicting_people
    where contradicting_people.is_merged_yet_active
    union all
    select
        'person' as source_table,
        contradicting_people.person_id as source_record_id,
        'date_of_birth is not what birth_day, birth_month and birth_year say; the return has date_of_birth'
            as contradiction
    from contradicting_people
    where contradicting_people.is_born_twice
),

-- Two records of one person may have one of the two wrong, hardly both.
numbers_of_records as (
    select
        identifiers.person_id,
        {{ parse_nhs_number('identifiers.id_value') }} as nhs_number
    from {{ ref('stg_extracts__person_identifier') }} as identifiers
    where identifiers.id_type = 'NHS'
),

merged_into_others as (
    select distinct
        'person' as source_table,
        people.person_id as source_record_id,
        'it is merged into a record of another date of birth and another NHS number; the return has both as one person'
            as contradiction
    from people
    inner join person_records
        on people.person_id = person_records.person_id
    inner join people_in_return
        on person_records.survivor_person_id = people_in_return.person_id
    inner join {{ ref('cnf_people') }} as survivors
        on person_records.survivor_person_id = survivors.person_id
    inner join numbers_of_records as own_numbers
        on people.person_id = own_numbers.person_id
    inner join numbers_of_records as numbers_of_survivor
        on survivors.person_id = numbers_of_survivor.person_id
    where
        people.person_id <> survivors.person_id
        and people.date_of_birth <> survivors.date_of_birth
        and own_numbers.nhs_number <> numbers_of_survivor.nhs_number
        and not exists (
            select 1 from numbers_of_records as same_number
            where
                same_number.person_id = survivors.person_id
                and same_number.nhs_number = own_numbers.nhs_number
        )
),

carers_of_themselves as (
    select
        'relationship' as source_table,
        relationships.relationship_id as source_record_id,
        'person_id and related_person_id are one person, who is called the unpaid carer; it is left out'
            as contradiction
    from relationships
    where
        relationships.is_unpaid_carer
        and relationships.person_id = relationships.related_person_id
        and coalesce(relationships.start_date <= {{ period[1] }}, true)
        and coalesce(relationships.end_date >= {{ period[0] }}, true)
),

-- Two people may care for each other. Where most do, the flag says of a relationship that somebody cares, not who.
pairs as (
    select
        min(relationships.relationship_id) as relationship_id,
        bool_and(coalesce(relationships.is_unpaid_carer, false)) as is_mutual
    from relationships
    group by
        least(relationships.person_id, relationships.related_person_id),
        greatest(relationships.person_id, relationships.related_person_id)
    having
        count(distinct relationships.person_id) = 2
        and bool_or(relationships.is_unpaid_carer)
),

carers_of_each_other as (
    select
        'relationship' as source_table,
        min(pairs.relationship_id) filter (where pairs.is_mutual) as source_record_id,
        'is_unpaid_carer says of ' || count(*) filter (where pairs.is_mutual) || ' of ' || count(*)
        || ' pairs recorded in both directions that each cares for the other; the return has both as carers (this is'
        || ' one of them)' as contradiction
    from pairs
    having
        count(*) filter (where pairs.is_mutual) >= 10
        and 2 * count(*) filter (where pairs.is_mutual) > count(*)
),

-- Of two links of one pair that begin on one day the first by its number counts, and with it its hours.
hours_of_links as (
    select distinct
        'relationship' as source_table,
        links.relationship_id as source_record_id,
        'another link of the two begins on the same day and says other hours; the return has those of one'
            as contradiction
    from {{ ref('cnf_carer_links') }} as links
    inner join returned
        on
            returned.source_table = 'relationship'
            and links.relationship_id = returned.source_record_id
    inner join {{ ref('cnf_carer_links') }} as other_links
        on
            links.carer_person_id = other_links.carer_person_id
            and links.cared_for_person_id = other_links.cared_for_person_id
            and links.start_date is not distinct from other_links.start_date
            and (links.end_date is null) = (other_links.end_date is null)
            and links.hours_caring <> other_links.hours_caring
    where other_links.exclusion_code = 'NOT_IN_FORCE'
),

contradictions as (
    {% for found in [
        'open_yet_completed', 'far_ahead', 'cared_for_as_carers', 'wrong_years', 'packages_that_ran',
        'ended_without_end', 'ended_after_package', 'not_continued', 'untyped', 'of_other_people',
        'dates_reversed', 'rates_reversed', 'rates_deducted', 'people_contradicted', 'merged_into_others',
        'carers_of_themselves', 'carers_of_each_other', 'hours_of_links',
    ] %}
    select * from {{ found }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    contradictions.source_table,
    contradictions.source_record_id,
    contradictions.contradiction
from contradictions
