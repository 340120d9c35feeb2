-- Who gives unpaid care to whom in the reporting period: one row for each carer and adult cared for.
with

relationships as (
    select * from {{ ref('stg_extracts__relationship') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

code_mappings as (
    select * from {{ ref('cnf_map_codes') }}
),

-- A link recorded from the carer's side or copied to both records of a merged person is one link.
links as (
    select
        relationships.relationship_id,
        carers.survivor_person_id as carer_person_id,
        cared_for.survivor_person_id as cared_for_person_id,
        coalesce(relationships.is_main_carer, false) as is_main_carer,
        relationships.hours_code,
        relationships.start_date,
        relationships.end_date,
        relationships.source_row,
        case
            when not {{ was_readable('relationships', ['is_unpaid_carer']) }}
                then 'UNKNOWN_CARER_FLAG'
            when not coalesce(relationships.is_unpaid_carer, false) then 'NOT_A_CARER_LINK'
            when not {{ was_readable('relationships', ['start_date', 'end_date']) }}
                then 'UNREADABLE_DATE'
            when carers.person_id is null or cared_for.person_id is null then 'PERSON_NOT_FOUND'
            when carers.exclusion_code is not null then carers.exclusion_code
            when cared_for.exclusion_code is not null then cared_for.exclusion_code
            when carers.survivor_person_id = cared_for.survivor_person_id then 'LINK_TO_SELF'
            when
                coalesce(relationships.start_date, date '0001-01-01')
                > {{ date_setting('reporting_period_end') }}
                or relationships.end_date < {{ date_setting('reporting_period_start') }}
                then 'LINK_NOT_IN_PERIOD'
        end as exclusion_code
    from relationships
    left join person_records as carers
        on relationships.person_id = carers.person_id
    left join person_records as cared_for
        on relationships.related_person_id = cared_for.person_id
),

ranked as (
    select
        links.*,
        row_number() over (
            partition by links.carer_person_id, links.cared_for_person_id
            order by
                (links.end_date is null) desc,
                links.start_date desc nulls last,
                links.relationship_id
        ) as link_order
    from links
    where links.exclusion_code is null
)

select
    links.relationship_id,
    links.carer_person_id,
    links.cared_for_person_id,
    links.is_main_carer,
    links.start_date,
    links.end_date,
    links.hours_code,
    hours.cld_value as hours_caring,
    hours.mapping_id as hours_mapping_id,
    case
        when links.exclusion_code is not null then links.exclusion_code
        when ranked.link_order > 1 then 'NOT_IN_FORCE'
    end as exclusion_code
from links
left join ranked
    on links.relationship_id = ranked.relationship_id
left join code_mappings as hours
    on
        hours.code_list = 'hours_of_care'
        and links.hours_code = hours.local_code
        and {{ in_force('hours', date_setting('reporting_period_end')) }}
