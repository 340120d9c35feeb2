-- This run of dbt: which one, when, with which versions and settings, for whom. One row.
-- The clock is read by this macro and nowhere else; nothing of it reaches the file.
{{ this_run() }}
