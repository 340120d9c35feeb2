-- The extract local_code: codes of classifications by group, and what the designs of forms are called.
with

codes as (

    select
        lower(groups.name) as code_list,
        codes.code,
        codes.name as description
    from {{ source('landed', 'classification') }} as codes
    inner join {{ source('landed', 'classification_group') }} as groups
        on codes.classification_group_fk = groups.id
    union
    select
        case lower(extract)
            when 'contact' then 'contact_type'
            when 'assessment' then 'assessment_type'
            else 'review_reason'
        end as code_list,
        coalesce(code, designguid) as code,
        description
    from {{ ref('form_designs') }}
    where lower(extract) in ('contact', 'assessment', 'review')

)

select
    code_list,
    code,
    coalesce(min(description), code) as description,
    cast(null as varchar) as retired
from codes
where code is not null
group by code_list, code
order by code_list, code
