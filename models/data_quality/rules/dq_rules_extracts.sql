-- EXT rules, on the extracts behind the return built here: what nobody understood and how much of it is
-- borne, what is not sent, where nobody can tell which of two values holds, what a mistake leaves out, and which
-- records contradict themselves.
with

cells as (
    select * from {{ ref('dq_unread_cells') }}
),

unread_values as (
    select * from {{ ref('dq_unread_values') }}
),

beyond as (
    select
        unread_values.extract,
        unread_values.column_name,
        unread_values.kind,
        sum(unread_values.row_count) as row_count,
        min(unread_values.accepted_count) as accepted_count,
        {{ joined_text(
            "'\"' || unread_values.form || '\" (' || unread_values.row_count"
            ~ " || coalesce(', probably ' || unread_values.probable_code, '') || ')'", "', '",
            'unread_values.row_count desc, unread_values.form'
        ) }} as forms
    from unread_values
    where unread_values.is_beyond_limit
    group by unread_values.extract, unread_values.column_name, unread_values.kind
),

judged as (
    select
        cells.*,
        unread_values.is_beyond_limit
        and cells.source_table = 'person'
        and cells.source_column in ('date_of_birth', 'date_of_death') as is_vital_date
    from cells
    inner join unread_values
        on
            cells.source_table = unread_values.extract
            and cells.source_column = unread_values.column_name
            and cells.kind = unread_values.kind
            and cells.form = unread_values.form
)

select
    {{ built_submission_id() }} as submission_id,
    cast(null as integer) as row_number,
    'EXT-01' as rule_id,
    cast(null as string) as field_name,
    beyond.extract || '.' || beyond.column_name || ': ' || beyond.row_count || ' of kind '
    || beyond.kind || ' not understood, ' || beyond.accepted_count || ' accepted: '
    || case when length(beyond.forms) > 300 then left(beyond.forms, 300) || ' ...' else beyond.forms end
        as found_value,
    cast(null as string) as suggestion,
    cast(null as string) as source_table,
    cast(null as string) as source_record_id,
    cast(null as string) as team_id
from beyond
union all
select
    {{ built_submission_id() }} as submission_id,
    cast(null as integer) as row_number,
    case when judged.is_vital_date then 'EXT-03' else 'EXT-02' end as rule_id,
    case when judged.is_vital_date then judged.source_column end as field_name,
    judged.source_table || '.' || judged.source_column || ': ' || judged.kind || ' "'
    || judged.form || '"' || coalesce(', probably ' || judged.probable_code, '')
        as found_value,
    cast(null as string) as suggestion,
    judged.source_table,
    judged.source_record_id,
    judged.team_id
from judged
{% if setting('include_built') %}
union all
select
    {{ built_submission_id() }} as submission_id,
    cast(null as integer) as row_number,
    'EXT-04' as rule_id,
    cast(null as string) as field_name,
    screened.source_table || '.' || screened.source_column || ': ' || screened.seems_to_hold
        as found_value,
    cast(null as string) as suggestion,
    screened.source_table,
    screened.source_record_id,
    screened.team_id
from {{ ref('cld_screened_texts') }} as screened
where screened.is_returned
union all
select distinct
    {{ built_submission_id() }} as submission_id,
    cast(null as integer) as row_number,
    'EXT-05' as rule_id,
    fields.snake_name as field_name,
    person_values.source_table || '.' || person_values.source_column as found_value,
    cast(null as string) as suggestion,
    person_values.source_table,
    person_values.source_record_id,
    teams.team_id
from {{ ref('cnf_person_values') }} as person_values
inner join {{ ref('spec_fields') }} as fields
    on person_values.cld_field = fields.header
left join {{ ref('cnf_record_teams') }} as teams
    on
        person_values.source_table = teams.source_table
        and person_values.source_record_id = teams.source_record_id
where person_values.is_tied
union all
select
    {{ built_submission_id() }} as submission_id,
    cast(null as integer) as row_number,
    'EXT-06' as rule_id,
    cast(null as string) as field_name,
    mistakes.source_table || ': ' || mistakes.reason as found_value,
    cast(null as string) as suggestion,
    mistakes.source_table,
    mistakes.source_record_id,
    teams.team_id
from {{ ref('cld_mistakes') }} as mistakes
left join {{ ref('cnf_record_teams') }} as teams
    on
        mistakes.source_table = teams.source_table
        and mistakes.source_record_id = teams.source_record_id
union all
select
    {{ built_submission_id() }} as submission_id,
    cast(null as integer) as row_number,
    'EXT-07' as rule_id,
    cast(null as string) as field_name,
    contradictions.source_table || ': ' || contradictions.contradiction as found_value,
    cast(null as string) as suggestion,
    contradictions.source_table,
    contradictions.source_record_id,
    teams.team_id
from {{ ref('cld_contradictions') }} as contradictions
left join {{ ref('cnf_record_teams') }} as teams
    on
        contradictions.source_table = teams.source_table
        and contradictions.source_record_id = teams.source_record_id
{% endif %}
