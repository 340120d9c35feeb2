"""The invented council as tables of Mosaic, in that system's own conventions.

Local step types, groups of subjects, next actions, forms with questions, every relationship in both directions,
merged records told by a relationship, cancelled and proposed steps, forms filled in twice, NHS numbers as numbers.
What no public table holds stands in the stubs of the connector.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from asc_cld.readers.extract_reader import read_extract
from asc_cld.specification import PROJECT, extract_columns, extract_names

SEEDS = PROJECT / "connectors" / "mosaic" / "seeds"
STUBS = ("service_package", "service_line", "rate", "provider", "gp_registration")
MOMENT = """
    coalesce(
        try_cast(replace({0}, 'T', ' ') as timestamp),
        try_strptime({0}, '%d/%m/%Y %H:%M'),
        try_strptime({0}, '%d/%m/%Y')
    )
"""


def moment(column: str) -> str:
    """SQL of a typed moment, however the extract wrote it."""
    return MOMENT.format(column)


def as_tables(extracts: Path) -> duckdb.DuckDBPyConnection:
    """The extracts as tables of text, in memory."""
    database = duckdb.connect()
    for name in extract_names():
        database.register("read_now", read_extract(extracts, name))
        database.execute(f"create table {name} as select * from read_now")
        database.unregister("read_now")
        for column in extract_columns(name):
            database.execute(f"update {name} set {column} = null where trim({column}) in ('', 'NULL')")
    return database


def write_out(database: duckdb.DuckDBPyConnection, out: Path, tables: list[str]) -> None:
    """Each table as a Parquet file."""
    out.mkdir(parents=True, exist_ok=True)
    for table in tables:
        database.execute(f"copy {table} to '{out / f'{table}.parquet'}' (format parquet)")


def seed(database: duckdb.DuckDBPyConnection, name: str, folder: Path = SEEDS) -> None:
    """A seed of the connector as a table of text."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    database.execute(f"create table seed_{name} ({', '.join(f'{column} varchar' for column in header)})")
    database.executemany(
        f"insert into seed_{name} values ({', '.join('?' * len(header))})",
        [[cell or None for cell in row] for row in rows],
    )


def write(extracts: Path, out: Path) -> None:
    """Writes the tables of Mosaic that say what a folder of extracts says."""
    database = as_tables(extracts)
    for name in ("step_types", "questions", "reference_types", "relationship_types"):
        seed(database, name)
    for statement in STATEMENTS:
        database.execute(statement)
    write_out(database, out, [*TABLES, *(stub for stub in STUBS)])


PEOPLE = f"""
create table dm_persons as
with first_numbers as (
    select person_id, min(id_value) as id_value
    from person_identifier where id_type = 'NHS' group by person_id having count(*) = 1
),
legacy as (
    select person_id, min(id_value) as id_value
    from person_identifier where id_type = 'LEGACY' group by person_id having count(*) = 1
)
select
    person.person_id, title, forename as first_name, surname as last_name,
    coalesce(
        {moment("date_of_birth")},
        try_cast(birth_year || '-' || lpad(birth_month, 2, '0') || '-' || lpad(birth_day, 2, '0') as timestamp)
    ) as date_of_birth,
    {moment("date_of_death")} as date_of_death,
    gender_code as gender, ethnicity_code as full_ethnicity_code, restricted,
    -- A number: leading zeros are lost.
    try_cast(regexp_replace(replace(first_numbers.id_value, ' ', ''), '[.]0+$', '') as decimal(10, 0)) as nhs_id,
    legacy.id_value as person_id_legacy,
    'A' as context_flag
from person
left join first_numbers on person.person_id = first_numbers.person_id
left join legacy on person.person_id = legacy.person_id
"""
# Contacts, assessments and reviews in one shape, with the step type that the seed gives them.
EVENTS = f"""
create table events as
with every_event as (
    select
        'contact' as extract, contact_id as id, person_id, subject_role, contact_type_code as code,
        coalesce(is_conversation, 'N') as is_conversation, {moment("received_at")} as started_on,
        {moment("completed_at")} as completed_on, status, outcome_code, team_id
    from contact
    union all
    select
        'assessment', assessment_id, person_id, subject_role, assessment_type_code, null,
        {moment("started_at")}, {moment("completed_at")}, status, outcome_code, team_id
    from assessment
    union all
    select
        'review', review_id, person_id, subject_role, reason_code, null,
        {moment("started_at")}, {moment("completed_at")}, status, outcome_code, team_id
    from review
)
select every_event.*, seed_step_types.workflow_step_type_id
from every_event
left join seed_step_types
    on every_event.extract = seed_step_types.extract
    and every_event.subject_role = seed_step_types.subject_role
    and every_event.code = seed_step_types.code
    and (
        every_event.extract <> 'contact'
        or every_event.is_conversation = coalesce(seed_step_types.is_conversation, 'N')
    )
"""
UNMAPPED = """
select error('no step type in the seed for ' || extract || ' ' || code || ' ' || subject_role)
from events where workflow_step_type_id is null limit 1
"""
# What a person is classified as is an answer on a form of a step of its own.
CLASSES = f"""
create table classes as
select
    'CF' || row_number() over (order by source_row) as id, person_id, classification, code,
    {moment("start_date")} as start_date, {moment("end_date")} as end_date,
    coalesce({moment("recorded_at")}, {moment("start_date")}) as recorded_at
from person_classification
where classification <> 'PRIMARY_SUPPORT_REASON'
"""
STEPS = """
create table dm_workflow_steps as
with form_step as (select min(workflow_step_type_id) as id from seed_step_types where extract = 'form'),
other_step as (select min(workflow_step_type_id) as id from seed_step_types where extract = 'ignore')
select
    id as workflow_step_id, cast(workflow_step_type_id as decimal(16, 0)) as workflow_step_type_id,
    'G' || id as subgroup_id,
    case status when 'OPEN' then 'STARTED' else status end as step_status,
    started_on as incoming_on, started_on, completed_on,
    case when status = 'CANCELLED' then completed_on end as cancelled_on,
    team_id as responsible_team_id
from events
union all
select
    classes.id, cast(form_step.id as decimal(16, 0)), 'G' || classes.id, 'COMPLETED', recorded_at, recorded_at,
    recorded_at, null, null
from classes cross join form_step
union all
-- Work that was only proposed, and work that is no event of the return.
select
    'PR' || id, cast(workflow_step_type_id as decimal(16, 0)), 'G' || id, 'PROPOSED', completed_on, null,
    null, null, team_id
from events where extract = 'review' and id like '%7'
union all
select
    'IG' || events.id, cast(other_step.id as decimal(16, 0)), 'G' || events.id, 'COMPLETED', started_on,
    started_on, completed_on, null, team_id
from events cross join other_step where extract = 'contact' and events.id like '%9'
"""
SUBJECTS = """
create table dm_subgroup_subjects as
select 'G' || id as subgroup_id, person_id as subject_compound_id, 'PER' as subject_type_code from events
union all
select 'G' || id, person_id, 'PER' from classes
union all
-- A subject that is no person.
select 'G' || id, team_id, 'ORG' from events where id like '%3' and team_id is not null
"""
LINKS = """
create table dm_workflow_links as
select assessment.contact_id as source_step_id, assessment_id as target_step_id, events.outcome_code
    as workflow_next_action_type_id
from assessment inner join events on assessment.contact_id = events.id
union all
select id, null, outcome_code from events
where outcome_code is not null and id not in (select contact_id from assessment where contact_id is not null)
union all
-- Outcomes taken back: their steps were cancelled, or never begun.
select id, 'XC' || id, 'AAA' from events where id like '%5' and outcome_code is not null
union all
select id, 'PRX' || id, 'AAA' from events where id like '%6' and outcome_code is not null
"""
MORE_STEPS = """
insert into dm_workflow_steps
select target_step_id, (select cast(min(workflow_step_type_id) as decimal(16, 0)) from seed_step_types
    where extract = 'ignore'), 'G' || source_step_id,
    case when target_step_id like 'XC%' then 'CANCELLED' else 'PROPOSED' end, null, null, null, null, null
from dm_workflow_links where workflow_next_action_type_id = 'AAA'
"""
# What each question is answered, one row an answer.
ANSWERED = f"""
create table answered as
select contact_id as id, 'contact' as extract, 'description' as column_name, description as text_answer,
    cast(null as timestamp) as date_answer from contact
union all select assessment_id, 'assessment', 'form_start_date', null, {moment("form_start_date")} from assessment
union all select assessment_id, 'assessment', 'form_end_date', null, {moment("form_end_date")} from assessment
union all select assessment_id, 'assessment', 'eligible_needs_code', eligible_needs_code, null from assessment
union all select assessment_id, 'assessment', 'method_code', method_code, null from assessment
union all select assessment_id, 'assessment', 'description', description, null from assessment
union all select review_id, 'review', 'package_id', package_id, null from review
union all select review_id, 'review', 'due_date', null, {moment("due_date")} from review
union all select review_id, 'review', 'method_code', method_code, null from review
union all select review_id, 'review', 'outcomes_achieved_code', outcomes_achieved_code, null from review
union all select review_id, 'review', 'description', description, null from review
union all select id, 'person_classification', classification, code, null from classes
union all select id, 'person_classification', 'start_date', null, start_date from classes
union all select id, 'person_classification', 'end_date', null, end_date from classes
"""
FORMS = """
create table mo_forms as
with steps as (select distinct id, extract from answered where coalesce(text_answer, '') <> '' or date_answer is not null)
select
    1000000 + row_number() over (order by copy, id) as form_id, id as workflow_step_id,
    case extract when 'contact' then 11 when 'assessment' then 12 when 'review' then 13 else 14 end as template_id,
    copy
from steps
-- Some forms were begun twice; the later one holds.
cross join (values (1), (2)) as copies (copy)
where copy = 2 or (id like '%4' and extract <> 'person_classification')
"""
ANSWERS = """
create table dm_cached_form_answers as
select
    mo_forms.workflow_step_id, mo_forms.form_id, seed_questions.question_user_code,
    case when copy = 1 and seed_questions.of_several = 'latest' and text_answer is not null then 'ZZOLD'
        else text_answer end as text_answer,
    case when copy = 1 and seed_questions.of_several = 'latest' then date_answer - interval 400 day
        when copy = 2 and seed_questions.of_several = 'earliest' and workflow_step_id like '%4'
            and seed_questions.extract <> 'person_classification' then date_answer + interval 3 day
        else date_answer end as date_answer
from answered
inner join mo_forms on answered.id = mo_forms.workflow_step_id
inner join seed_questions
    on answered.extract = seed_questions.extract and answered.column_name = seed_questions.column_name
where text_answer is not null or date_answer is not null
union all
-- A question that nobody asked for: case notes stay where they are.
select workflow_step_id, form_id, 'caseNote', 'not for the return', null from mo_forms where copy = 2
"""
RELATIONSHIPS = f"""
create table dm_personal_relationships as
select
    relationship_id as personal_relationship_id, relationship.person_id, related_person_id as other_person_id,
    cast(seed_relationship_types.personal_rel_type_id as decimal(16, 0)) as personal_rel_type_id,
    {moment("start_date")} as start_date, {moment("end_date")} as end_date
from relationship
inner join seed_relationship_types
    on relationship.relationship_code = seed_relationship_types.code
    and case relationship.is_unpaid_carer when 'Y' then 'carer' else 'relation' end = seed_relationship_types.meaning
union all
select 'RC' || relationship_id, related_person_id, person_id,
    (select cast(min(personal_rel_type_id) as decimal(16, 0)) from seed_relationship_types where meaning = 'reciprocal'),
    {moment("start_date")}, {moment("end_date")}
from relationship where is_unpaid_carer = 'Y'
union all
select 'MG' || person_id, person_id, merged_into_person_id,
    (select cast(min(personal_rel_type_id) as decimal(16, 0)) from seed_relationship_types where meaning = 'merged_into'),
    null, null
from person where merged_into_person_id is not null
"""
STATEMENTS = [
    PEOPLE,
    """create table mo_persons as select person_id, dob_estimated as age_estimated from person""",
    """
    create table dm_person_references as
    select person_identifier.person_id, seed_reference_types.reference_type, id_value as reference
    from person_identifier
    inner join seed_reference_types on person_identifier.id_type = seed_reference_types.id_type
    left join dm_persons on person_identifier.person_id = dm_persons.person_id
    where person_identifier.id_type = 'FINANCE' or (person_identifier.id_type = 'NHS' and dm_persons.nhs_id is null)
        or (person_identifier.id_type = 'LEGACY' and dm_persons.person_id_legacy is null)
    """,
    f"""
    create table local_reference as
    select person_identifier.person_id, seed_reference_types.reference_type, id_value as reference, verified,
        {moment("start_date")} as start_date, {moment("end_date")} as end_date
    from person_identifier
    inner join seed_reference_types on person_identifier.id_type = seed_reference_types.id_type
    """,
    f"""
    create table dm_addresses as
    select address_id as ref_addresses_people_id, person_id,
        case when address_type = 'HOME' then 'MAIN' else address_type end as address_type, postcode as post_code,
        uprn as unique_id, {moment("start_date")} as start_date, {moment("end_date")} as end_date,
        is_main as is_display_address
    from address
    """,
    f"""
    create table dm_service_user_groups as
    select person_id, code as full_group_type, {moment("start_date")} as start_date,
        {moment("end_date")} as end_date, {moment("recorded_at")} as created_on
    from person_classification where classification = 'PRIMARY_SUPPORT_REASON'
    union all
    select person_id, case record_status when 'TEST' then 'Test record' else 'Duplicate - do not use' end,
        null, null, null
    from person where record_status in ('TEST', 'DUPLICATE')
    """,
    EVENTS,
    UNMAPPED,
    CLASSES,
    STEPS,
    SUBJECTS,
    LINKS,
    MORE_STEPS,
    """
    create table dm_workflow_step_types as
    select cast(workflow_step_type_id as decimal(16, 0)) as workflow_step_type_id, description from seed_step_types
    """,
    """
    create table dm_workflow_nxt_action_types as
    select distinct workflow_next_action_type_id, workflow_next_action_type_id as description,
        'N' as is_no_further_action
    from dm_workflow_links where workflow_next_action_type_id is not null
    """,
    """
    create table dm_step_source_details as
    select contact_id as workflow_step_id, route_code as source_type_id from contact where route_code is not null
    """,
    """
    create table dm_step_source_types as
    select distinct source_type_id, source_type_id as description from dm_step_source_details
    """,
    ANSWERED,
    FORMS,
    ANSWERS,
    RELATIONSHIPS,
    """
    create table dm_personal_rel_types as
    select cast(personal_rel_type_id as decimal(16, 0)) as personal_rel_type_id, description
    from seed_relationship_types
    """,
    """
    create table local_relationship as
    select relationship_id as personal_relationship_id, is_main_carer, hours_code from relationship
    """,
    """create table organisations as select team_id as id, team_name as name, service_area as department from team""",
    """
    create table reference_data as
    select code_list as ref_domain, code as ref_code, description as ref_description from local_code
    """,
    "alter table mo_forms drop copy",
]
TABLES = [
    *("dm_persons", "mo_persons", "dm_person_references", "dm_addresses", "dm_service_user_groups"),
    *("dm_personal_relationships", "dm_personal_rel_types", "dm_workflow_steps", "dm_workflow_step_types"),
    *("dm_subgroup_subjects", "dm_workflow_links", "dm_workflow_nxt_action_types", "dm_step_source_details"),
    *("dm_step_source_types", "mo_forms", "dm_cached_form_answers", "organisations", "reference_data"),
    *("local_relationship", "local_reference"),
]
