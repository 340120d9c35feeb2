-- What the settings say about the return being built: one row.
with

councils as (
    select * from {{ ref('spec_councils') }}
    where cassr_code = '{{ setting("la_code") }}'
)

select
    councils.cassr_code as la_code,
    councils.name as council,
    {{ date_setting('reporting_period_start') }} as reporting_period_start,
    {{ date_setting('reporting_period_end') }} as reporting_period_end,
    {{ date_setting('submission_date') }} as submission_date,
    '{{ setting("cld_release") }}' as cld_release,
    {{ quoted(setting('output_path')) }} as output_path,
    councils.cassr_code || '_CLD_'
    || strftime({{ date_setting('reporting_period_start') }}, '%Y%m%d') || '_'
    || strftime({{ date_setting('reporting_period_end') }}, '%Y%m%d') || '.csv' as file_name
from councils
