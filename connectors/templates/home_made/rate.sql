-- a home-made system: the extract rate. One row is one rate of a line over a period.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the rate; must be there. Such as RT9000001
    null as rate_id,
    -- The line that is paid for. Refers to service_line.line_id; must be there. Such as
    -- SL9000001
    null as line_id,
    -- Gross cost, client contribution, funded nursing care, continuing health care, third-party
    -- top-up, reclaim: only some belong in Unit Cost; must be there. Such as RCL
    null as rate_type_code,
    -- Pounds; contributions and reclaims may be negative; must be there. Such as -65.92
    null as amount,
    -- What the amount buys; must be there. Such as WK
    null as per_unit_code,
    -- First day of the price; must be there. Such as 2025-10-23
    null as start_date,
    -- Last day of the price; blank or a far-future date means current; may be left out. Such as
    -- 2022-03-31
    null as end_date
from your_table
