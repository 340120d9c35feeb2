-- What was not understood, and what became of the record: one row a record and column, by its form only.
with

cells as (
    select * from {{ ref('cnf_unread_cells') }}
),

returned as (
    select * from {{ ref('cld_returned_records') }}
),

exclusions as (
    select * from {{ ref('cld_exclusions') }}
),

received as (
    select * from {{ ref('cld_reconciliation') }}
),

teams as (
    select * from {{ ref('cnf_record_teams') }}
),

-- What a few records hold may be of one person: a name of somebody whom no extract knows, a diagnosis. So may what
-- many hold where a column holds all sorts of things: then another column, of surnames say, stands in its place.
common as (
    select
        cells.source_table,
        cells.source_column,
        cells.recorded_value
    from cells
    group by cells.source_table, cells.source_column, cells.recorded_value
    qualify
        count(*) >= 10
        and count(*) over (partition by cells.source_table, cells.source_column) <= 20
),

-- A shifted column puts a name where a word should stand.
names as (
    select distinct
        {{ words("lower(concat_ws(' ', people.first_name, people.last_name))") }} as name
    from {{ ref('cnf_people') }} as people
    where exists (select 1 from cells)
),

telling as (
    select distinct named.recorded_value
    from (
        select
            spellings.recorded_value,
            {{ words('lower(spellings.recorded_value)') }} as word
        from (
            select distinct cells.recorded_value
            from cells
            where cells.kind in ('word', 'flag', 'code')
        ) as spellings
    ) as named
    inner join names
        on named.word = names.name
    where length(names.name) >= 3
)

select
    cells.source_table,
    cells.source_record_id,
    cells.source_column,
    cells.kind,
    case
        when
            cells.kind in ('word', 'flag', 'code')
            and telling.recorded_value is null
            and (
                common.recorded_value is not null
                or cells.recorded_value = '(blank)'
                or cells.is_described
            )
            and length(cells.recorded_value) <= 40
            and not {{ holds_identifier('cells.recorded_value') }}
            -- A figure in a word is part of a day, a key, a telephone number or an address as a rule; a code may
            -- have three.
            and not {{ matches_pattern('cells.recorded_value', '[0-9].* | .*[0-9]|([0-9][^0-9]*){4}') }}
            and (cells.kind = 'code' or not {{ matches_pattern('cells.recorded_value', '[0-9]') }})
            then cells.recorded_value
        else {{ form_of('cells.recorded_value') }}
    end as form,
    coalesce(exclusions.reason_code, 'RETURNED') as became_code,
    coalesce(exclusions.reason, 'The record is in the return.') as became,
    cast(coalesce(cells.filled_count, received.records_received) as integer) as filled_count,
    teams.team_id,
    cells.probable_code
from cells
inner join received
    on cells.source_table = received.source_table
left join returned
    on
        cells.source_table = returned.source_table
        and cells.source_record_id = returned.source_record_id
left join exclusions
    on
        cells.source_table = exclusions.source_table
        and cells.source_record_id = exclusions.source_record_id
left join teams
    on
        cells.source_table = teams.source_table
        and cells.source_record_id = teams.source_record_id
left join common
    on
        cells.source_table = common.source_table
        and cells.source_column = common.source_column
        and cells.recorded_value = common.recorded_value
left join telling
    on cells.recorded_value = telling.recorded_value
-- A code counts where it matters: its cell is empty, or the record is left out because of it.
where
    cells.kind <> 'code'
    or returned.source_record_id is not null
    or exclusions.reason_code like 'UNMAPPED%'
