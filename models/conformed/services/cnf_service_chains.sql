-- Which lines are one service: uplifts, provider changes and 1 April rollovers chained to the first line.
with recursive

lines as (
    select
        service_lines.*,
        coalesce(service_lines.service_type, '') || '|'
        || coalesce(service_lines.service_component, '') as service_kind
    from {{ ref('cnf_service_lines') }} as service_lines
    where service_lines.exclusion_code is null
),

-- What the source says: the line this one continues, if it is the same service for the same person.
-- Of two lines that claim one predecessor the first continues it; the other is a service of its own.
recorded_links as (
    select
        lines.line_id,
        predecessors.line_id as predecessor_id,
        row_number() over (
            partition by predecessors.line_id
            order by lines.start_date, {{ key_order('lines.line_id') }}
        ) as claim_order
    from lines
    inner join lines as predecessors
        on
            lines.previous_line_id = predecessors.line_id
            and lines.person_id = predecessors.person_id
            and lines.service_kind = predecessors.service_kind
            and lines.line_id <> predecessors.line_id
            and lines.start_date >= predecessors.start_date
            -- A line cannot continue what stopped long before: that is a new service.
            and lines.start_date - coalesce(predecessors.end_date, lines.start_date)
            <= {{ setting('replaced_service_days') }}
),

unlinked as (
    select lines.*
    from lines
    left join recorded_links
        on
            lines.line_id = recorded_links.line_id
            and recorded_links.claim_order = 1
    where
        recorded_links.line_id is null
        and coalesce(lines.previous_line_id, '') not in (
            select known_lines.line_id from lines as known_lines
        )
        and not lines.ends_on_delivery
),

free_predecessors as (
    select lines.*
    from lines
    left join recorded_links
        on
            lines.line_id = recorded_links.predecessor_id
            and recorded_links.claim_order = 1
    where
        recorded_links.predecessor_id is null
        and not lines.ends_on_delivery
),

-- What the source leaves out: same person, element and provider, the one beginning on the day the
-- other ends or the day after. Two carers at once give two of each: the first continues the first.
touching as (
    select
        unlinked.line_id,
        free_predecessors.line_id as predecessor_id,
        dense_rank() over (
            partition by
                unlinked.person_id, unlinked.element_code, unlinked.provider_id,
                unlinked.service_kind, unlinked.start_date
            order by {{ key_order('unlinked.line_id') }}
        ) as successor_order,
        dense_rank() over (
            partition by
                unlinked.person_id, unlinked.element_code, unlinked.provider_id,
                unlinked.service_kind, unlinked.start_date
            order by free_predecessors.end_date desc, {{ key_order('free_predecessors.line_id') }}
        ) as predecessor_order
    from unlinked
    inner join free_predecessors
        on
            unlinked.person_id = free_predecessors.person_id
            and unlinked.element_code = free_predecessors.element_code
            and unlinked.provider_id is not distinct from free_predecessors.provider_id
            and unlinked.service_kind = free_predecessors.service_kind
            and unlinked.line_id <> free_predecessors.line_id
            and unlinked.start_date > free_predecessors.start_date
            and unlinked.start_date - free_predecessors.end_date in (0, 1)
),

-- A line that ended on 31 March is offered to lines of 31 March and of 1 April: one may take it.
inferred_links as (
    select
        touching.line_id,
        touching.predecessor_id,
        row_number() over (
            partition by touching.predecessor_id
            order by {{ key_order('touching.line_id') }}
        ) as claim_order
    from touching
    where touching.successor_order = touching.predecessor_order
),

links as (
    select
        recorded_links.line_id,
        recorded_links.predecessor_id,
        'previous_line_id' as link_basis
    from recorded_links
    where recorded_links.claim_order = 1
    union all
    select
        inferred_links.line_id,
        inferred_links.predecessor_id,
        'touching dates' as link_basis
    from inferred_links
    where inferred_links.claim_order = 1
),

-- UNION, not UNION ALL: lines that name each other in a circle come to rest.
walk as (
    select
        lines.line_id,
        lines.line_id as reached_line_id
    from lines
    union
    select
        walk.line_id,
        links.predecessor_id as reached_line_id
    from walk
    inner join links
        on walk.reached_line_id = links.line_id
),

-- The earliest line reached; in a circle, where there is no first, the smallest by date and id.
roots as (
    select
        walk.line_id,
        walk.reached_line_id as first_line_id,
        row_number() over (
            partition by walk.line_id
            order by
                lines.start_date,
                (links.line_id is null) desc,
                {{ key_order('walk.reached_line_id') }}
        ) as preference
    from walk
    inner join lines
        on walk.reached_line_id = lines.line_id
    left join links
        on walk.reached_line_id = links.line_id
)

select
    roots.line_id,
    roots.first_line_id,
    links.predecessor_id,
    links.link_basis,
    row_number() over (
        partition by roots.first_line_id
        order by
            lines.start_date, lines.end_date nulls last, {{ key_order('lines.line_id') }}
    ) as line_order
from roots
inner join lines
    on roots.line_id = lines.line_id
left join links
    on roots.line_id = links.line_id
where roots.preference = 1
