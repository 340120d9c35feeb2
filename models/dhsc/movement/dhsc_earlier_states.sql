-- Which state the figures before the latest submission stand for, copied from the schema
-- dhsc_earlier. Kept from run to run: for each council the last state that was computed.
{{ config(
    materialized='incremental' if target.type == 'duckdb' else 'table',
    incremental_strategy='delete+insert',
    unique_key='la_code',
) }}
-- depends_on: {{ ref('sub_compared_files') }}
{{ earlier_rows('dhsc_headline_states', {
    'la_code': 'string',
    'submission_id': 'string',
    'period_start': 'date',
    'period_end': 'date',
    'settings': 'string',
}) }}
