-- One row is one person of one subgroup, the people a workflow step is about.
with

mart as (

    select
        subgroup_id,
        subject_compound_id,
        subject_type_code
    from {{ source('landed', 'dm_subgroup_subjects') }}

),

live as (

    select
        subgroup_id,
        subject_compound_id,
        subject_type_code
    from {{ source('landed', 'mo_subgroup_subjects') }}
    where not exists (select 1 from mart)

),

both_kinds as (

    select * from mart
    union all
    select * from live

)

select distinct
    subgroup_id,
    subject_compound_id as person_id
from both_kinds
-- A subject may be an organisation or a group too.
where upper(subject_type_code) = 'PER'
