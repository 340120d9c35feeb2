-- DAT rules: dates that cannot be right together. A date that could not be read takes no part.
select {{ breach('DAT-01', 'event_end_date') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_end_day < rows_read.event_start_day
union all
select {{ breach('DAT-02', 'event_start_date') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_start_day > rows_read.reporting_period_end_day
union all
select {{ breach('DAT-03', 'event_end_date') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type in ({{ cld_value(['request', 'assessment', 'review']) }})
    and (
        rows_read.event_end_day < rows_read.reporting_period_start_day
        or rows_read.event_end_day > rows_read.reporting_period_end_day
    )
union all
select {{ breach('DAT-04', 'event_end_date') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.event_end_day < rows_read.reporting_period_start_day
union all
select {{ breach('DAT-05', 'event_end_date') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.event_end_day > rows_read.reporting_period_end_day
    and rows_read.event_end_day > rows_read.submission_day
union all
select {{ breach('DAT-06', 'event_start_date') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_start_day > rows_read.submission_day
union all
select {{ breach('DAT-07', 'date_of_death') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.date_of_death_day < rows_read.reporting_period_start_day
union all
select {{ breach('DAT-08', 'date_of_death') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type is not null
    and rows_read.date_of_death_day < rows_read.event_start_day
union all
select {{ breach('DAT-09', 'event_end_date') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.event_end_day > rows_read.date_of_death_day
union all
select {{ breach('DAT-11', 'date_of_death') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.date_of_death_day > rows_read.submission_day
union all
select {{ breach('DAT-12', 'date_of_birth') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.date_of_birth_day > rows_read.date_of_death_day
union all
select {{ breach('DAT-13', 'date_of_birth') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.date_of_birth_day >= rows_read.event_start_day
union all
select {{ breach('DAT-14', 'date_of_birth') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.age_at_period_end not between 0 and 115
    or rows_read.date_of_birth_day = cast('1900-01-01' as date)
union all
select {{ breach('DAT-15', 'date_of_birth') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.client_type = {{ cld_value('service_user') }}
    and {{ age_on(
        'rows_read.date_of_birth_day',
        'coalesce(rows_read.event_end_day, rows_read.reporting_period_end_day)'
    ) }} < 18
