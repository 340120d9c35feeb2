-- Access: the extract provider. One row is one provider.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the provider; must be there. Such as PR0001
    null as provider_id,
    -- Name of the provider in the case system; must be there. Such as Hazelbrow Homecare
    null as provider_name,
    -- Care Quality Commission location identifier; may be left out. Such as 1-999007919
    null as cqc_location_id,
    -- Name of the location at the Care Quality Commission; may be left out. Such as Hazelbrow
    -- Homecare
    null as cqc_location_name,
    -- Postcode of the location; may be left out. Such as B71 0ZR
    null as postcode
from your_table
