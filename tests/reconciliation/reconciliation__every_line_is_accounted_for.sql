-- For each extract: the lines of its file are the header, the records received, lines in which nothing
-- stands and line breaks inside cells. A row that a stray quotation mark swallowed shows here.
select
    files.source_table,
    files.lines_in_file,
    reconciliation.records_received
from {{ ref('stg_extracts__files') }} as files
inner join {{ ref('cld_reconciliation') }} as reconciliation
    on files.source_table = reconciliation.source_table
where
    files.records <> reconciliation.records_received
    or files.lines_in_file
    <> 1 + reconciliation.records_received + files.empty_records + files.blank_lines
    + files.line_breaks_in_cells
