-- Which mapping row gave which value: one row a record and kind of value.
{{ config(materialized='ephemeral') }}
{% set sources = {
    'cnf_requests': ['client_type', 'scope', 'event_outcome', 'route'],
    'cnf_assessments': ['client_type', 'scope', 'event_outcome', 'eligible_needs', 'method'],
    'cnf_reviews': ['client_type', 'event_outcome', 'review_reason', 'outcomes_achieved', 'method'],
    'cnf_services': ['client_type', 'event_outcome', 'service', 'delivery'],
} %}
{% for model, kinds in sources.items() %}
{% for kind in kinds %}
select
    events.source_table,
    events.source_record_id,
    '{{ kind }}_mapping_id' as mapping_column,
    events.{{ kind }}_mapping_id as mapping_id
from {{ ref(model) }} as events
union all
{% endfor %}
{% endfor %}
select
    'person' as source_table,
    people.person_id as source_record_id,
    'gender_mapping_id' as mapping_column,
    people.gender_mapping_id as mapping_id
from {{ ref('cnf_people') }} as people
union all
select
    'person' as source_table,
    people.person_id as source_record_id,
    'ethnicity_mapping_id' as mapping_column,
    people.ethnicity_mapping_id as mapping_id
from {{ ref('cnf_people') }} as people
union all
select
    'rate' as source_table,
    rates.rate_id as source_record_id,
    'rate_mapping_id' as mapping_column,
    rates.rate_mapping_id as mapping_id
from {{ ref('cnf_rates') }} as rates
union all
select
    'rate' as source_table,
    rates.rate_id as source_record_id,
    'unit_mapping_id' as mapping_column,
    rates.unit_mapping_id as mapping_id
from {{ ref('cnf_rates') }} as rates
union all
select
    'relationship' as source_table,
    links.relationship_id as source_record_id,
    'hours_mapping_id' as mapping_column,
    links.hours_mapping_id as mapping_id
from {{ ref('cnf_carer_links') }} as links
