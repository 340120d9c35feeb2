-- CareDirector: the extract service_package. One row is one package of support.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the package; must be there. Such as PK9000001
    -- Confidence medium. Optional package above the provision
    ServiceProvision.servicepackageid as package_id,
    -- The person who is supported. Refers to person.person_id; must be there. Such as P9000003
    -- Confidence medium.
    ServiceProvision.personid as person_id,
    -- CLIENT, CARER, CARED_FOR (support given to the cared-for person for the carer's sake);
    -- must be there. Such as CLIENT
    -- Confidence unknown. No public name found
    null as subject_role,
    -- Short term, long term, reablement, carer support; with the element it decides Service
    -- Type; must be there. Such as LT
    -- Confidence medium. Service Element 1 is the broad service
    ServiceProvision.serviceelement1id as package_type_code,
    -- PROPOSED, APPROVED, ACTIVE, SUSPENDED, ENDED, CANCELLED; must be there. Such as ACTIVE
    -- Confidence medium. Draft, Ready for Authorisation, Authorised seen
    ServiceProvision.serviceprovisionstatusid as status,
    -- First day of the package; must be there. Such as 2025-10-23
    -- Confidence medium. plannedstartdate too
    ServiceProvision.actualstartdate as start_date,
    -- Last day of the package; blank or a far-future date means still running; may be left out.
    -- Such as 2023-05-07
    -- Confidence medium. plannedenddate too
    ServiceProvision.actualenddate as end_date,
    -- Local code of why it ended; may be left out. Such as DEC
    -- Confidence medium.
    ServiceProvision.serviceprovisionendreasonid as end_reason_code,
    -- Overrides the person's support reason for this package; may be left out. Such as CARSUP
    -- Confidence unknown. No public name found
    null as support_reason_code,
    -- Overrides the person's funding status for this package; may be left out. Such as FULL
    -- Confidence medium.
    ServiceProvision.financeclientcategoryid as funding_code,
    -- The team that mends the record. Refers to team.team_id; may be left out. Such as T04
    -- Confidence medium. ownerid too
    ServiceProvision.purchasingteamid as team_id
from ServiceProvision
