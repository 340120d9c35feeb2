-- One row is one thing that the connector did not understand; `stop` ends the run. No row holds a value of a person.
with

prices as (

    select * from {{ ref('prices') }}

),

unread_days as (

    {% for name in ('start', 'end', 'pricestart', 'priceend') -%}
    select
        'CONTROCC_EXPORT.{{ name | upper }}' as what,
        count(*) as records,
        'cannot be read as a day' as said
    from prices
    where "{{ name }}" is not null and {{ name }}_day is null
    having count(*) > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

without_start as (

    select
        'CONTROCC_EXPORT.START' as what,
        count(*) as records,
        'is blank' as said
    from prices
    where start is null
    having count(*) > 0

),

two_stories as (

    select
        'CONTROCC_EXPORT.CAREPACKAGELINEITEMID' as what,
        count(*) as records,
        'line items have rows that differ in more than their price' as said
    from (
        select carepackagelineitemid
        from prices
        group by carepackagelineitemid
        having
            count(distinct hash(
                carepackageid,
                service,
                start_day,
                end_day,
                deliverymechanism,
                providerid,
                suspendedfrom,
                plannedunits,
                unit,
                previouslineitemid
            )) > 1
    ) as lines
    having count(*) > 0

),

never_paid as (

    select
        'CONTROCC_EXPORT' as what,
        count(*) as records,
        'hold a price that no day of its line falls under, and were left out as rates' as said
    from prices
    where
        greatest(start_day, coalesce(pricestart_day, start_day))
        > least(coalesce(end_day, priceend_day), coalesce(priceend_day, end_day))
    having count(*) > 0

)

select
    'stop' as severity,
    unread_days.*
from unread_days
union all
select
    'stop' as severity,
    without_start.*
from without_start
union all
select
    'stop' as severity,
    two_stories.*
from two_stories
union all
select
    'note' as severity,
    never_paid.*
from never_paid
order by severity desc, records desc, what
