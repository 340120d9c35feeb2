{#- Per person, the value of one detail on the best-known latest rows; rows of equal rank that
    disagree make it the given unknown value (an SQL text). -#}
{% macro latest_known(relation, detail, unknown) -%}
    select
        ranked.la_code,
        ranked.der_nhs_la_combined_person_id,
        case
            when min(ranked.{{ detail }}) = max(ranked.{{ detail }}) then min(ranked.{{ detail }})
            else {{ unknown }}
        end as {{ detail }}
    from (
        select
            {{ relation }}.la_code,
            {{ relation }}.der_nhs_la_combined_person_id,
            {{ relation }}.{{ detail }},
            rank() over (
                partition by
                    {{ relation }}.la_code,
                    {{ relation }}.der_nhs_la_combined_person_id
                order by
                    {{ relation }}.{{ detail }}_known desc,
                    {{ relation }}.ref_period_end_date desc,
                    {{ relation }}.end_date desc,
                    {{ relation }}.event_start_date desc
            ) as latest_first
        from {{ relation }}
    ) as ranked
    where ranked.latest_first = 1
    group by ranked.la_code, ranked.der_nhs_la_combined_person_id
{%- endmacro %}
