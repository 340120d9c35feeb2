-- The extract local_code: what the codes handed on are called. A seed's code has its step type's words.
with

codes as (

    select
        lower(ref_domain) as code_list,
        ref_code as code,
        ref_description as description
    from {{ source('landed', 'reference_data') }}
    union
    select
        case lower(extract)
            when 'contact' then 'contact_type'
            when 'assessment' then 'assessment_type'
            else 'review_reason'
        end as code_list,
        coalesce(code, cast(workflow_step_type_id as varchar)) as code,
        min(description) as description
    from {{ ref('step_types') }}
    where lower(extract) in ('contact', 'assessment', 'review')
    group by all
    union
    select
        'contact_route' as code_list,
        source_type_id as code,
        description
    from {{ source('landed', 'dm_step_source_types') }}
    union
    select
        outcomes.code_list,
        action_types.workflow_next_action_type_id as code,
        action_types.description
    from {{ source('landed', 'dm_workflow_nxt_action_types') }} as action_types
    cross join
        (values ('contact_outcome'), ('assessment_outcome'), ('review_outcome'))
            as outcomes (code_list)
    union
    select
        'relationship' as code_list,
        code,
        min(description) as description
    from {{ ref('relationship_types') }}
    where code is not null
    group by code

)

select
    code_list,
    code,
    coalesce(min(description), code) as description,
    -- Mosaic's users mark a retired code by its label.
    case when min(description) like 'ZZ%' then 'Y' end as retired
from codes
where code is not null
group by code_list, code
order by code_list, code
