-- What this council's Mosaic uses: counts and labels only, no data of a person. For SQL Server and DuckDB. Oracle says length for len.
-- Run it where the tables are, or on the landed folder with DuckDB, and fill the four seeds from it, most used first.
-- Each result is one list, and `records` says how often the choice is used.

-- 1. step_types.csv: every type of workflow step in use
select
    steps.workflow_step_type_id,
    types.description,
    count(*) as records,
    sum(case when steps.step_status = 'COMPLETED' then 1 else 0 end) as completed,
    sum(case when steps.step_status = 'CANCELLED' then 1 else 0 end) as cancelled,
    min(steps.started_on) as first_started,
    max(steps.started_on) as last_started
from dm_workflow_steps steps
left join dm_workflow_step_types types on types.workflow_step_type_id = steps.workflow_step_type_id
group by steps.workflow_step_type_id, types.description
order by count(*) desc;

-- 2. questions.csv: every question answered, and on which type of step
select
    types.workflow_step_type_id,
    types.description,
    answers.question_user_code,
    count(*) as records,
    sum(case when answers.date_answer is not null then 1 else 0 end) as answered_with_a_date,
    count(distinct answers.text_answer) as different_texts
from dm_cached_form_answers answers
inner join dm_workflow_steps steps on steps.workflow_step_id = answers.workflow_step_id
inner join dm_workflow_step_types types on types.workflow_step_type_id = steps.workflow_step_type_id
group by types.workflow_step_type_id, types.description, answers.question_user_code
order by count(*) desc;

-- 3. reference_types.csv: every type of reference, and how many look like an NHS number
select
    reference_type,
    count(*) as records,
    sum(case when len(replace(reference, ' ', '')) = 10 then 1 else 0 end) as of_ten_characters
from dm_person_references
group by reference_type
order by count(*) desc;

-- 4. relationship_types.csv: every type of relationship
select
    relationships.personal_rel_type_id,
    types.description,
    count(*) as records,
    sum(case when relationships.end_date is null then 1 else 0 end) as current_ones
from dm_personal_relationships relationships
left join dm_personal_rel_types types on types.personal_rel_type_id = relationships.personal_rel_type_id
group by relationships.personal_rel_type_id, types.description
order by count(*) desc;
