-- One row is one answer that a step gives to a question of the seed, in the words of the extracts.
with

questions as (

    select
        cast(question_user_code as varchar) as question_user_code,
        lower(extract) as extract,
        column_name,
        lower(answer) as answer,
        lower(of_several) as of_several
    from {{ ref('questions') }}

),

mart as (

    select
        workflow_step_id,
        form_id,
        question_user_code,
        text_answer,
        date_answer
    from {{ source('landed', 'dm_cached_form_answers') }}

),

live_answers as (

    select
        lookup_answers.form_id,
        lookup_answers.question_id,
        lookups.answer as text_answer,
        cast(null as varchar) as date_answer
    from {{ source('landed', 'mo_form_lookup_answers') }} as lookup_answers
    inner join {{ source('landed', 'mo_question_lookups') }} as lookups
        on lookup_answers.question_lookup_id = lookups.question_lookup_id
    union all
    select
        form_id,
        question_id,
        cast(null as varchar) as text_answer,
        date_answer
    from {{ source('landed', 'mo_form_date_answers') }}

),

live as (

    select
        forms.workflow_step_id,
        live_answers.form_id,
        mo_questions.question_user_code,
        live_answers.text_answer,
        live_answers.date_answer
    from live_answers
    inner join {{ source('landed', 'mo_forms') }} as forms on live_answers.form_id = forms.form_id
    inner join {{ source('landed', 'mo_questions') }} as mo_questions
        on live_answers.question_id = mo_questions.question_id
    where not exists (select 1 from mart)

),

both_kinds as (

    select * from mart
    union all
    select * from live

),

answers as (

    select
        both_kinds.workflow_step_id,
        both_kinds.form_id,
        questions.extract,
        questions.column_name,
        questions.answer,
        questions.of_several,
        case
            when questions.answer = 'date' then both_kinds.date_answer
            else both_kinds.text_answer
        end as value
    from both_kinds
    inner join questions on both_kinds.question_user_code = questions.question_user_code

)

select
    workflow_step_id,
    extract,
    column_name,
    value
from answers
where value is not null
-- A form filled in twice on one step: the first day that was given, the last word that was said. Form
-- numbers rise.
qualify row_number() over (
        partition by workflow_step_id, extract, column_name
        order by
            case when of_several = 'earliest'
                    then coalesce(cast(try_cast(value as timestamp) as varchar), value)
            end,
            lpad(form_id, 30, '0') desc,
            value
    ) = 1
