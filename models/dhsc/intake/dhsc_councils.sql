-- The councils with a submission, whether DHSC selects it or not, with the name its database gives
-- them: its measures list every council, with zeros where it took no file. A code that no council has
-- (rule FIL-02 names its file) has no measures and keeps none from the others.
with

submissions as (

    select distinct la_code from {{ ref('sub_files') }}
    where la_code is not null

),

councils as (

    select * from {{ ref('spec_councils') }}

)

select
    submissions.la_code,
    coalesce(councils.name_as_spelled_in_cld_database, councils.name) as la_name,
    councils.region,
    councils.ons_code
from submissions
inner join councils
    on submissions.la_code = councils.cassr_code
