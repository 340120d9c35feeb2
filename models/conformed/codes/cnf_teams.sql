-- The teams of the council as pages, logs and files may name them: what is a person's name or number is no team's.
with

teams as (
    select * from {{ ref('stg_extracts__team') }}
),

people as (
    select * from {{ ref('stg_extracts__person') }}
),

-- Mary Jane is called Mary as well.
names as (
    select {{ name_words("people.forename || ' ' || people.surname") }} as words
    from people
    union
    select {{ name_words("split_part(people.forename, ' ', 1) || ' ' || people.surname") }} as words
    from people
),

-- One word may be a place or a role: Hill, Young.
whole_names as (
    select names.words
    from names
    where len(names.words) >= 2
)

select
    teams.source_row,
    -- An id that is a name is in no list of teams: it is shown nowhere.
    case when named_ids.words is null then teams.team_id end as team_id,
    case
        when named_teams.words is null and not {{ holds_identifier('teams.team_name') }} then teams.team_name
    end as team_name,
    named_ids.words is not null as is_id_of_a_person,
    named_teams.words is not null or {{ holds_identifier('teams.team_name') }} as is_name_of_a_person
from teams
-- The whole name only: Young Adults and Hill Street are no people, though some are called so.
left join whole_names as named_ids on {{ name_words('teams.team_id') }} = named_ids.words
left join whole_names as named_teams on {{ name_words('teams.team_name') }} = named_teams.words
