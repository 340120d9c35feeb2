-- Rates whose columns contradict each other, or what map_rates makes of their type.
{{ config(materialized='view') }}
with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

rates as (
    select * from {{ ref('stg_extracts__rate') }}
),

returned_rates as (
    select rates.*
    from rates
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
)

select * from rates_reversed
union all
select * from rates_deducted
