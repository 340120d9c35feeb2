-- This run of dbt: which one, when, with which versions and settings, for whom. One row.
-- No other model or macro reads the clock; nothing of it reaches the file.
{{ this_run() }}
