-- Which source records stand behind which row of the return: one row for each pair.
with

rows_of_return as (
    select * from {{ ref('cld_rows') }}
),

people_of_rows as (
    select distinct
        rows_of_return.cld_row_id,
        rows_of_return.person_id,
        rows_of_return.client_type,
        rows_of_return.event_day
    from rows_of_return
),

services as (
    select * from {{ ref('cnf_services') }}
    where exclusion_code is null
),

-- Every line of a chain, and every chain of a service recorded as two equal lines.
service_lines as (
    select
        rows_of_return.cld_row_id,
        chains.line_id,
        services.source_record_id as first_line_id
    from rows_of_return
    inner join services
        on
            rows_of_return.source_table = 'service_line'
            and rows_of_return.source_record_id = services.combined_record_id
    inner join {{ ref('cnf_service_chains') }} as chains
        on services.source_record_id = chains.first_line_id
),

packages as (
    select distinct
        service_lines.cld_row_id,
        lines.package_id,
        lines.provider_id
    from service_lines
    inner join {{ ref('cnf_service_lines') }} as lines
        on service_lines.line_id = lines.line_id
),

person_values as (
    select
        people_of_rows.cld_row_id,
        person_values.source_table,
        person_values.source_record_id
    from people_of_rows
    inner join {{ ref('spec_fields') }} as fields
        on {{ holds_for('fields.applies_to_client_types', 'people_of_rows.client_type') }}
    inner join {{ ref('cnf_person_values') }} as person_values
        on
            people_of_rows.person_id = person_values.person_id
            and fields.header = person_values.cld_field
            and person_values.as_at = {{ day_of_value('fields.value_rule', 'people_of_rows.event_day') }}
),

-- A link says on the carer's rows whom they care for, and on the other's that there is a carer.
carer_links as (
    select
        people_of_rows.cld_row_id,
        links.relationship_id
    from people_of_rows
    inner join {{ ref('cnf_carer_links') }} as links
        on
            links.exclusion_code is null
            and (
                people_of_rows.person_id = links.cared_for_person_id
                or (
                    people_of_rows.person_id = links.carer_person_id
                    and people_of_rows.client_type <> {{ cld_value('service_user') }}
                )
            )
)

select
    rows_of_return.cld_row_id,
    rows_of_return.source_table,
    rows_of_return.source_record_id
from rows_of_return
where rows_of_return.source_table <> 'service_line'
union
select
    service_lines.cld_row_id,
    'service_line' as source_table,
    service_lines.line_id as source_record_id
from service_lines
union
select
    packages.cld_row_id,
    'service_package' as source_table,
    packages.package_id as source_record_id
from packages
union
select
    packages.cld_row_id,
    'provider' as source_table,
    providers.provider_id as source_record_id
from packages
inner join {{ ref('stg_extracts__provider') }} as providers
    on packages.provider_id = providers.provider_id
union
select
    service_lines.cld_row_id,
    'rate' as source_table,
    service_rates.rate_id as source_record_id
from service_lines
inner join {{ ref('cnf_service_rates') }} as service_rates
    on
        service_lines.first_line_id = service_rates.first_line_id
        and service_rates.why_not is null
union
select
    people_of_rows.cld_row_id,
    'person' as source_table,
    people_of_rows.person_id as source_record_id
from people_of_rows
union
select
    people_of_rows.cld_row_id,
    'person_identifier' as source_table,
    'row ' || nhs_numbers.source_row as source_record_id
from people_of_rows
inner join {{ ref('cnf_nhs_numbers') }} as nhs_numbers
    on
        people_of_rows.person_id = nhs_numbers.person_id
        and nhs_numbers.is_chosen
union
select
    person_values.cld_row_id,
    person_values.source_table,
    person_values.source_record_id
from person_values
union
select
    carer_links.cld_row_id,
    'relationship' as source_table,
    carer_links.relationship_id as source_record_id
from carer_links
union
select
    rows_of_return.cld_row_id,
    'team' as source_table,
    teams.team_id as source_record_id
from rows_of_return
inner join {{ ref('stg_extracts__team') }} as teams
    on rows_of_return.team_id = teams.team_id
