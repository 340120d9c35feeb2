-- Dashboard dimensions: the values of each field that the facts hold, one row per field and value.
with

events as (

    select * from {{ ref('dhsc_events_single') }}

),

age_bands as (

    select * from {{ ref('dhsc_age_bands') }}

)

select distinct
    'client_type' as dimension,
    events.client_type_cleaned as dimension_value,
    cast(null as string) as value_group,
    cast(null as integer) as sort_order
from events
where events.client_type_cleaned is not null
union all
select distinct
    'gender' as dimension,
    events.gender_cleaned as dimension_value,
    cast(null as string) as value_group,
    cast(null as integer) as sort_order
from events
where events.gender_cleaned is not null
union all
select distinct
    'ethnicity' as dimension,
    events.ethnicity_cleaned as dimension_value,
    events.ethnicity_grouped as value_group,
    cast(null as integer) as sort_order
from events
where events.ethnicity_cleaned is not null
union all
select distinct
    'primary_support_reason' as dimension,
    events.primary_support_reason_cleaned as dimension_value,
    cast(null as string) as value_group,
    cast(null as integer) as sort_order
from events
where events.primary_support_reason_cleaned is not null
union all
select
    'age_band' as dimension,
    age_bands.age_band as dimension_value,
    age_bands.working_age_band as value_group,
    age_bands.sort_order
from age_bands
