-- The people behind the headline figures before the latest submission, copied from the schema
-- dhsc_earlier. Kept from run to run: for each council the last state that was computed.
{{ config(
    materialized='incremental' if target.type == 'duckdb' else 'table',
    incremental_strategy='delete+insert',
    unique_key='la_code',
) }}
-- depends_on: {{ ref('sub_compared_files') }}
{{ earlier_rows('dhsc_headline_people', {
    'la_code': 'string',
    'measure': 'string',
    'group': 'string',
    'der_nhs_la_combined_person_id': 'string',
    'la_person_unique_identifier': 'string',
    'episode': 'string',
    'in_numerator': 'boolean',
    'in_denominator': 'boolean',
    'detail': 'string',
}) }}
