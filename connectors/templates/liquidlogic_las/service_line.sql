-- Liquidlogic LAS: the extract service_line. One row is one line (element) of a package.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the line; must be there. Such as SL9000001
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as line_id,
    -- The package that the line is part of. Refers to service_package.package_id; must be
    -- there. Such as PK9000001
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as package_id,
    -- What is delivered; must be there. Such as HC
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as element_code,
    -- How it is arranged; may be left out. Such as MPB
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as delivery_code,
    -- Who delivers it. Refers to provider.provider_id; may be left out. Such as PR0001
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as provider_id,
    -- First day of the line; must be there. Such as 2025-10-23
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as start_date,
    -- Blank or a far-future date means still running; may be left out. Such as 2023-05-07
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as end_date,
    -- A suspended service stays open; may be left out. Such as 2026-08-02
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as suspended_from,
    -- Units planned in each unit period; may be left out. Such as 7
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as planned_units,
    -- Hour, visit, day, night, week, session, one-off; may be left out. Such as HR
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as unit_code,
    -- The line this one continues: a price uplift, a provider change or a rollover at the start
    -- of the financial year. Refers to service_line.line_id; may be left out. Such as SL1000018
    -- Confidence unknown. Take from ContrOCC, see system controcc
    null as previous_line_id
from your_table
