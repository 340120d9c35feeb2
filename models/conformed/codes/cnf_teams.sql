-- The teams of the council as pages, logs and files may name them: what holds a person's name or number is no team's.
with

teams as (
    select * from {{ ref('stg_extracts__team') }}
),

people as (
    select * from {{ ref('stg_extracts__person') }}
),

-- Mary Jane is called Mary as well.
names as (
    select {{ name_key(name_words("people.forename || ' ' || people.surname")) }} as words
    from people
    union
    select {{ name_key(name_words("split_part(people.forename, ' ', 1) || ' ' || people.surname")) }} as words
    from people
),

-- One word may be a place or a role: Hill, Young.
whole_names as (
    select names.words
    from names
    where len(names.words) >= 2
),

said_words as (
    select
        teams.source_row,
        'team_id' as column_name,
        {{ name_words('teams.team_id') }} as words
    from teams
    union all
    select
        teams.source_row,
        'team_name' as column_name,
        {{ name_words('teams.team_name') }} as words
    from teams
),

first_words as (
    select
        said_words.source_row,
        said_words.column_name,
        said_words.words,
        unnest(range(1, len(said_words.words))) as first_word
    from said_words
),

-- Any words beside each other: in Team of Jane Smith (South) stands Jane Smith. Young Adults and Hill Street are no
-- people, though some are called Young, and some Hill.
neighbours as (
    select
        first_words.source_row,
        first_words.column_name,
        first_words.words,
        first_words.first_word,
        unnest(range(first_words.first_word + 1, len(first_words.words) + 1)) as last_word
    from first_words
),

named_people as (
    select distinct
        neighbours.source_row,
        neighbours.column_name
    from neighbours
    inner join whole_names
        on
            {{ name_key('neighbours.words[neighbours.first_word:neighbours.last_word]') }}
            = whole_names.words
)

select
    teams.source_row,
    -- An id that is a name is in no list of teams: it is shown nowhere.
    case when named_ids.source_row is null then teams.team_id end as team_id,
    case
        when named_teams.source_row is null and not {{ holds_identifier('teams.team_name') }} then teams.team_name
    end as team_name,
    named_ids.source_row is not null as is_id_of_a_person,
    named_teams.source_row is not null or {{ holds_identifier('teams.team_name') }} as is_name_of_a_person
from teams
left join named_people as named_ids
    on teams.source_row = named_ids.source_row and named_ids.column_name = 'team_id'
left join named_people as named_teams
    on teams.source_row = named_teams.source_row and named_teams.column_name = 'team_name'
