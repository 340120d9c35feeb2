-- Liquidlogic LAS: the extract review. One row is one review.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the review; must be there. Such as RV1000001
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use. By form type
    FACT_FORMS.FACT_FORM_ID as review_id,
    -- The person whose support was reviewed. Refers to person.person_id; must be there. Such as
    -- P1000006
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    FACT_FORMS.DIM_PERSON_ID as person_id,
    -- CLIENT, CARER; must be there. Such as CLIENT
    -- Confidence unknown. No public name found
    null as subject_role,
    -- The package that was reviewed. Refers to service_package.package_id; may be left out.
    -- Such as PK1000002
    -- Confidence unknown. No public name found
    null as package_id,
    -- Local code of why it was held: planned or unplanned, and what led to it; must be there.
    -- Such as STR
    -- Confidence unknown. No public name found
    null as reason_code,
    -- Day on which it was due; may be left out. Such as 2024-11-30
    -- Confidence unknown. No public name found
    null as due_date,
    -- When the review started; must be there. Such as 2024-12-19 09:32:00
    -- Confidence unknown. No public name found
    null as started_at,
    -- Blank while open; must be there. Such as 2024-12-24 13:59:00
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use. Row where ANSWER_NO is FormEndDate
    FACT_FORM_ANSWERS.ANSWER as completed_at,
    -- OPEN, COMPLETED, CANCELLED; must be there. Such as COMPLETED
    -- Confidence unknown. No public name found
    null as status,
    -- Local code of how it was done; must be there. Such as P
    -- Confidence unknown. No public name found
    null as method_code,
    -- Local code of whether the outcomes were achieved; may be left out. Such as FUL
    -- Confidence unknown. No public name found
    null as outcomes_achieved_code,
    -- Local code of what followed; must be there. Such as CHG
    -- Confidence unknown. No public name found
    null as outcome_code,
    -- Free text; may hold personal data; may be left out.
    -- Confidence unknown. No public name found
    null as description,
    -- The team that mends the record. Refers to team.team_id; may be left out. Such as T03
    -- Confidence unknown. No public name found
    null as team_id
from FACT_FORMS
-- How do these two belong together?
left join FACT_FORM_ANSWERS on 1 = 0
