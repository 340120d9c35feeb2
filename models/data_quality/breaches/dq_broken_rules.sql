-- What all rules find, in one shape: one row a breach, with the value as it stands. dq_breaches tells it in words.
{{ config(materialized='view') }}
{% set rule_models = [
    ref('dq_rules_file'), ref('dq_rules_duplicates'), ref('dq_rules_mandatory'),
    ref('dq_rules_not_applicable'), ref('dq_rules_format'), ref('dq_rules_lists'),
    ref('dq_rules_dates'), ref('dq_rules_outcomes'), ref('dq_rules_carers'),
    ref('dq_rules_services'), ref('dq_rules_costs'), ref('dq_rules_people'),
] %}
{% for rule_model in rule_models %}
select
    breaches.submission_id,
    breaches.row_number,
    breaches.rule_id,
    breaches.field_name,
    breaches.found_value,
    breaches.suggestion,
    cast(null as string) as source_table,
    cast(null as string) as source_record_id,
    cast(null as string) as team_id
from {{ rule_model }} as breaches
union all
{% endfor %}
-- Of records of the extracts, in the return or not.
select
    breaches.submission_id,
    breaches.row_number,
    breaches.rule_id,
    breaches.field_name,
    breaches.found_value,
    breaches.suggestion,
    breaches.source_table,
    breaches.source_record_id,
    breaches.team_id
from {{ ref('dq_rules_extracts') }} as breaches
