-- Records whose columns contradict each other or the record that they refer to, or leave open what decides: nobody can
-- say what is true, and yet the return says something. One row a record and contradiction, in words without a value.
select * from {{ ref('cld_event_contradictions') }}
union all
select * from {{ ref('cld_service_contradictions') }}
union all
select * from {{ ref('cld_rate_contradictions') }}
union all
select * from {{ ref('cld_person_contradictions') }}
