-- Liquidlogic LAS: the extract address. One row is one address of a person over a period.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the address record; must be there. Such as AD1000001
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON_ADDRESS.DIM_PERSON_ADDRESS_ID as address_id,
    -- The person who lives there. Refers to person.person_id; must be there. Such as P1000001
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON_ADDRESS.DIM_PERSON_ID as person_id,
    -- HOME, PLACEMENT, TEMPORARY, CORRESPONDENCE; must be there. Such as HOME
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON_ADDRESS.ADDSS_TYPE_CODE as address_type,
    -- As recorded: lower case, no space, XXXX, NOPOSTCODE and ZZ99 pseudo postcodes occur; must
    -- be there. Such as WS10 0ZT
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON_ADDRESS.POSTCODE as postcode,
    -- Unique property reference number; may be left out. Such as 100090322500
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON_ADDRESS.UPRN as uprn,
    -- First day at the address; must be there. Such as 2020-05-03
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON_ADDRESS.START_DTTM as start_date,
    -- Blank or a far-future date means current; may be left out. Such as 31/12/9999
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON_ADDRESS.END_DTTM as end_date,
    -- Y for the main address where several are current; may be left out. Such as Y
    -- Confidence unknown. No public name found
    null as is_main
from DIM_PERSON_ADDRESS
