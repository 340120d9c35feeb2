-- The councils with a submission DHSC selects, with the name DHSC's database gives them.
with selection as (

    select distinct la_code from {{ ref('dhsc_selection') }}

),

councils as (

    select * from {{ ref('spec_councils') }}

)

select
    selection.la_code,
    coalesce(councils.name_as_spelled_in_cld_database, councils.name) as la_name,
    councils.region,
    councils.ons_code
from selection
left join councils
    on selection.la_code = councils.cassr_code
