-- How much text was not sent because it seems to identify somebody: one row a source, column and kind.
with

screened as (
    select
        descriptions.source_table,
        'description' as column_name,
        descriptions.seems_to_hold,
        descriptions.source_record_id
    from {{ ref('cnf_descriptions') }} as descriptions
    union all
    select
        'provider' as source_table,
        'cqc_location_name' as column_name,
        providers.seems_to_hold,
        providers.provider_id as source_record_id
    from {{ ref('cnf_providers') }} as providers
)

select
    screened.source_table,
    screened.column_name,
    screened.seems_to_hold,
    count(*) as cut_count,
    min(screened.source_record_id) as example_record_id
from screened
where screened.seems_to_hold is not null
group by screened.source_table, screened.column_name, screened.seems_to_hold
