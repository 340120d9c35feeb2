-- The extract service_line: a price change repeats the line, so a line is its rows together.
select
    carepackagelineitemid as line_id,
    min(carepackageid) as package_id,
    min(service) as element_code,
    min(deliverymechanism) as delivery_code,
    min(providerid) as provider_id,
    cast(min(start_day) as varchar) as start_date,
    cast(min(end_day) as varchar) as end_date,
    min(suspendedfrom) as suspended_from,
    min(plannedunits) as planned_units,
    min(unit) as unit_code,
    min(previouslineitemid) as previous_line_id
from {{ ref('prices') }}
group by carepackagelineitemid
order by carepackagelineitemid
