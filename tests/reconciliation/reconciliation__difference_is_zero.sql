-- For each extract: every record received is behind a row of the return or excluded, never both.
select
    reconciliation.source_table,
    reconciliation.difference
from {{ ref('cld_reconciliation') }} as reconciliation
where reconciliation.difference <> 0
