-- The single table: one row per unique event of the 12 months, for the dashboard facts.
with

kept_events as (

    select * from {{ ref('dhsc_kept_events') }}
    where events_table = 'single'

)

select
    {{ declared_columns('dhsc_events_single', 'kept_events') }}
from kept_events
