-- Liquidlogic LAS: the extract provider. One row is one provider.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the provider; must be there. Such as PR0001
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as provider_id,
    -- Name of the provider in the case system; must be there. Such as Hazelbrow Homecare
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as provider_name,
    -- Care Quality Commission location identifier; may be left out. Such as 1-999007919
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as cqc_location_id,
    -- Name of the location at the Care Quality Commission; may be left out. Such as Hazelbrow
    -- Homecare
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as cqc_location_name,
    -- Postcode of the location; may be left out. Such as B71 0ZR
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as postcode
from your_table
