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
    files.sha256
from files
