"""The invented council as reporting views of Eclipse, in that system's own conventions.

One row an answer of a form, designs by their GUIDs, rows marked DELETED, ends on 31 December 9999, answers that stand
twice, relationships in both directions. What no public view holds stands in the stubs of the connector.
"""

from __future__ import annotations

from pathlib import Path

from asc_cld.specification import PROJECT
from demo_council.as_mosaic import STUBS, as_tables, moment, seed, write_out

SEEDS = PROJECT / "connectors" / "eclipse" / "seeds"
LISTS = ("form_designs", "controls", "classification_paths", "reference_types", "relationship_types")


def write(extracts: Path, out: Path) -> None:
    """Writes the views of Eclipse that say what a folder of extracts says."""
    database = as_tables(extracts)
    for name in LISTS:
        seed(database, name, SEEDS)
    for statement in STATEMENTS:
        database.execute(statement)
    write_out(database, out, [*TABLES, *STUBS])


def answer(extract: str, column: str) -> str:
    """SQL of one answer in words of every record of an extract."""
    return (
        f"select {extract}_id as id, '{extract}' as extract, '{column}' as column_name, {column} as words,"
        f" cast(null as timestamp) as day from {extract}"
    )


def day(extract: str, column: str) -> str:
    """SQL of one answer that is a date."""
    return (
        f"select {extract}_id as id, '{extract}' as extract, '{column}' as column_name, null as words,"
        f" {moment(column)} as day from {extract}"
    )


ANSWERS = " union all ".join(
    [
        *(answer("contact", name) for name in ("route_code", "outcome_code", "description", "team_id")),
        *(
            answer("assessment", name)
            for name in (
                "contact_id",
                "eligible_needs_code",
                "method_code",
                "outcome_code",
                "description",
                "team_id",
            )
        ),
        *(day("assessment", name) for name in ("form_start_date", "form_end_date")),
        *(
            answer("review", name)
            for name in (
                "package_id",
                "method_code",
                "outcomes_achieved_code",
                "outcome_code",
                "description",
                "team_id",
            )
        ),
        day("review", "due_date"),
    ]
)
EVENTS = f"""
create table events as
with every_event as (
    select 'contact' as extract, contact_id as id, person_id, subject_role, contact_type_code as code,
        coalesce(is_conversation, 'N') as is_conversation, {moment("received_at")} as started,
        {moment("completed_at")} as completed, status from contact
    union all
    select 'assessment', assessment_id, person_id, subject_role, assessment_type_code, null,
        {moment("started_at")}, {moment("completed_at")}, status from assessment
    union all
    select 'review', review_id, person_id, subject_role, reason_code, null,
        {moment("started_at")}, {moment("completed_at")}, status from review
)
select every_event.*, seed_form_designs.designguid, seed_form_designs.description as designsubname
from every_event
left join seed_form_designs
    on every_event.extract = seed_form_designs.extract
    and every_event.subject_role = seed_form_designs.subject_role
    and every_event.code = seed_form_designs.code
    and (every_event.extract <> 'contact'
        or every_event.is_conversation = coalesce(seed_form_designs.is_conversation, 'N'))
"""
FORMS = f"""
create table formanswerpersonview as
with answers as (
    select answered.*, seed_controls.controlname, seed_controls.of_several
    from ({ANSWERS}) as answered
    inner join seed_controls
        on answered.extract = seed_controls.extract and answered.column_name = seed_controls.column_name
    where words is not null or day is not null
),
every_row as (
    select id, controlname, words, day from answers
    union all
    -- Answers that stand twice; of two days the later is no start.
    select id, controlname, words, case when of_several = 'earliest' then day + interval 3 day else day end
    from answers where id like '%4'
    union all
    -- What nobody asked for.
    select id, 'caseNote', 'not for the return', null from events
)
select
    events.id as instanceid, events.person_id as answerforsubjectid, events.designguid, events.designsubname,
    case events.status when 'COMPLETED' then 'COMPLETE' when 'OPEN' then 'DRAFT' else events.status end
        as instancestate,
    events.started as datestarted, events.completed as datecompleted, every_row.controlname,
    every_row.words as answervalue, every_row.words as shortanswervalue, every_row.day as dateanswervalue
from events inner join every_row on events.id = every_row.id
union all
-- Forms taken back.
select 'DEL' || id, person_id, designguid, designsubname, 'DELETED', started, completed, 'caseNote', 'x', 'x', null
from events where id like '%7'
"""
STATEMENTS = [
    f"""
    create table persondemographicsview as
    with numbers as (
        select person_id, min(id_value) as id_value from person_identifier where id_type = 'NHS'
        group by person_id having count(*) = 1
    )
    select person.person_id as personid, forename, surname,
        coalesce(
            {moment("date_of_birth")},
            try_cast(birth_year || '-' || lpad(birth_month, 2, '0') || '-' || lpad(birth_day, 2, '0') as timestamp)
        ) as dateofbirth,
        {moment("date_of_death")} as dieddate, gender_code as sex, ethnicity_code as ethnicitycode,
        try_cast(regexp_replace(replace(id_value, ' ', ''), '[.]0+$', '') as decimal(10, 0)) as nhsnumber,
        cast(null as varchar) as carefirstid
    from person left join numbers on person.person_id = numbers.person_id
    """,
    """
    create table personview as
    select person_id as personid, case record_status when 'DUPLICATE' then 'DUPLICATE' else 'NOT_DUPLICATE' end
        as duplicated from person
    """,
    f"""
    create table referencenumberpersonview as
    select person_identifier.person_id as personid, seed_reference_types.reference_type as referencetypecode,
        id_value as referencenumber, {moment("start_date")} as startdate, {moment("end_date")} as enddate
    from person_identifier
    inner join seed_reference_types on person_identifier.id_type = seed_reference_types.id_type
    left join persondemographicsview on person_identifier.person_id = persondemographicsview.personid
    where person_identifier.id_type <> 'NHS' or nhsnumber is null
    """,
    f"""
    create table addresspersonview as
    select address_id as addressid, person_id as personid, address_type as type, postcode, uprn,
        {moment("start_date")} as startdate, {moment("end_date")} as enddate from address
    """,
    f"""
    create table classificationpersonview as
    select person_id as personid, cast(seed_classification_paths.classificationpathid as bigint)
            as classificationpathid,
        code as classificationcodeid, {moment("start_date")} as startdate,
        -- Current ones end on the last day that the system knows.
        coalesce({moment("end_date")}, case when source_row % 3 = 0 then timestamp '9999-12-31' end) as enddate,
        case when source_row % 2 = 0 then 'ACTIVE' end as status, {moment("recorded_at")} as recordedon
    from person_classification
    inner join seed_classification_paths
        on person_classification.classification = seed_classification_paths.classification
    union all
    select person_id, cast(seed_classification_paths.classificationpathid as bigint), 'ZZDEL',
        {moment("start_date")}, null, 'DELETED', {moment("recorded_at")} + interval 1 day
    from person_classification
    inner join seed_classification_paths
        on person_classification.classification = seed_classification_paths.classification
    where source_row % 10 = 0
    """,
    f"""
    create table relationshippersonview as
    select relationship_id as personrelationshiprecordid, person_id as roleapersonid,
        related_person_id as rolebpersonid, seed_relationship_types.relationship,
        {moment("start_date")} as start_date, {moment("end_date")} as close_date
    from relationship
    inner join seed_relationship_types
        on relationship.relationship_code = seed_relationship_types.code
        and case is_unpaid_carer when 'Y' then 'carer' else 'relation' end = seed_relationship_types.meaning
    union all
    select 'RC' || relationship_id, related_person_id, person_id,
        (select min(relationship) from seed_relationship_types where meaning = 'reciprocal'),
        {moment("start_date")}, {moment("end_date")}
    from relationship where is_unpaid_carer = 'Y'
    """,
    EVENTS,
    "select error('no design in the seed for ' || code) from events where designguid is null limit 1",
    FORMS,
    """
    create table organisationview as
    select team_id as organisationid, team_name as description, 'TEAM' as organisationclass,
        service_area as sectorsubtype from team
    union all
    select provider_id, provider_name, 'PROVIDER', null from provider
    """,
    """
    create table classification_group as
    select row_number() over (order by code_list) as id, code_list as name from local_code group by code_list
    """,
    """
    create table classification as
    select local_code.code, local_code.description as name, classification_group.id as classification_group_fk
    from local_code inner join classification_group on local_code.code_list = classification_group.name
    """,
    """
    create table local_person as
    select person_id as personid, title, dob_estimated, restricted, record_status, merged_into_person_id from person
    """,
    """
    create table local_reference as
    select person_id as personid, id_value as referencenumber, max(verified) as verified
    from person_identifier where id_type = 'NHS' group by person_id, id_value
    """,
    """
    create table local_relationship as
    select relationship_id as personrelationshiprecordid, is_main_carer, hours_code from relationship
    """,
]
TABLES = [
    *("persondemographicsview", "personview", "referencenumberpersonview", "addresspersonview"),
    *("classificationpersonview", "relationshippersonview", "formanswerpersonview", "organisationview"),
    *("classification_group", "classification", "local_person", "local_reference", "local_relationship"),
]
