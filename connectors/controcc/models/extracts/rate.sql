-- The extract rate: a price holds from the later start to the earlier end of line and price.
with

active as (

    select
        carepackagelineitemid,
        coalesce(ratetype, 'COST') as rate_type_code,
        cost,
        frequency,
        greatest(start_day, coalesce(pricestart_day, start_day)) as start_day,
        case
            when end_day is null then priceend_day
            when priceend_day is null then end_day
            else least(end_day, priceend_day)
        end as end_day
    from {{ ref('prices') }}

)

select
    concat_ws('-', carepackagelineitemid, strftime(start_day, '%Y%m%d'), rate_type_code) as rate_id,
    carepackagelineitemid as line_id,
    rate_type_code,
    cost as amount,
    frequency as per_unit_code,
    cast(start_day as varchar) as start_date,
    cast(end_day as varchar) as end_date
from active
-- A price that begins after its line has ended, or ended before it began, was never paid.
where end_day is null or start_day <= end_day
order by carepackagelineitemid, start_day, rate_type_code
