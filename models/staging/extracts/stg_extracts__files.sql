-- The file each extract was read from, with its SHA-256: what the manifest vouches for.
with

files as (
    select * from {{ source('extracts', 'extract_files') }}
)

select
    files.source_table,
    files.file_name,
    files.folder,
    files.byte_count,
    files.sha256,
    files.records,
    files.lines_in_file,
    files.empty_records,
    files.blank_lines,
    files.line_breaks_in_cells,
    files.columns_absent,
    files.columns_not_read,
    files.seems_cut,
    files.letters_damaged,
    files.days_in_doubt
from files
