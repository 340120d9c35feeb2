-- The joined table: one row per unique event since the joined period began, for ASCOF and waiting
-- times. Costs and units are left out, as DHSC does.
with

kept_events as (

    select * from {{ ref('dhsc_kept_events') }}
    where events_table = 'joined'

)

select
    {{ declared_columns('dhsc_events_joined', 'kept_events') }}
from kept_events
