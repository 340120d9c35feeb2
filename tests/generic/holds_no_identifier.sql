{#- Fails with each column of a shared table in which something of a person of the database stands: NHS number,
    identifier, name, postcode, day of birth or death, event reference, provider, as it is, within a longer text, as
    a number, with other signs between, or as a plain hash. Names the column and the kind, never what was found. -#}
{% test holds_no_identifier(model) %}
{#- What stands in all rows of a release alike, and cannot tell of one person. -#}
{%- set same_for_all = ['la_code', 'release_id', 'period_start', 'period_end'] -%}
{%- set columns = adapter.get_columns_in_relation(model) if execute else [] %}
with

sent_rows as (
    select * from {{ ref('sub_rows') }}
),

-- Words of the specification and of this project: Young is a name too.
vocabulary as (
    select lower(trim(code_lists.value)) as cell from {{ ref('spec_code_lists') }} as code_lists
    union
    select lower(trim(named_values.value)) as cell from {{ ref('spec_named_values') }} as named_values
    union
    select lower(trim(recipients.purposes)) as cell from {{ ref('share_recipients') }} as recipients
    union
    select lower(trim(recipients.recipient_id)) as cell from {{ ref('share_recipients') }} as recipients
    union
    select lower(trim(service_types.service_group)) as cell
    from {{ ref('dhsc_service_types') }} as service_types
    union
    select unnest(['withheld', 'before the period', 'total']) as cell
),

-- One column after another, so that the rows are read as columns.
recorded as (
    {%- for kind, column in [
        ('NHS number', 'nhs_number'),
        ('person id', 'la_person_unique_identifier'),
        ('linked person id', 'adult_1_linked_person_id'),
        ('postcode', 'postcode'),
        ('name', 'first_name'),
        ('name', 'last_name'),
        ('event reference', 'event_reference'),
        ('provider', 'provider_cqc_location_name'),
        ('provider', 'provider_cqc_location_id'),
    ] %}
    select distinct '{{ kind }}' as kind, sent_rows.{{ column }} as identifier from sent_rows
    union
    {%- endfor %}
    select distinct
        'day of birth or death' as kind,
        unnest([
            strftime(days.birth_or_death, '%Y-%m-%d'), strftime(days.birth_or_death, '%d/%m/%Y')
        ]) as identifier
    from (
        select sent_rows.date_of_birth_date as birth_or_death from sent_rows
        union
        select sent_rows.date_of_death_date as birth_or_death from sent_rows
    ) as days
),

folded as (
    select distinct
        recorded.kind,
        regexp_replace(lower(recorded.identifier), '[^\p{L}\p{N}]', '', 'g') as identifier
    from recorded
    where recorded.identifier is not null
),

identifiers as (
    select
        folded.kind,
        folded.identifier
    from folded
    where length(folded.identifier) > case when folded.kind = 'name' then 2 else 4 end
    union all
    select
        'unsalted hash of ' || folded.kind as kind,
        substr(unnest([
            md5(folded.identifier), sha1(folded.identifier), sha256(folded.identifier),
            md5(upper(folded.identifier)), sha1(upper(folded.identifier)),
            sha256(upper(folded.identifier))
        ]), 1, 32) as identifier
    from folded
    where folded.kind in ('NHS number', 'person id') and length(folded.identifier) > 4
),

cells as (
    {%- for column in columns if column.name not in same_for_all %}
    select distinct
        '{{ column.name }}' as column_name,
        {{ 'true' if column.name.endswith('_key') else 'false' }} as is_hash,
        {{ 'false' if column.is_string() else 'true' }} as is_number,
        lower(trim(cast("{{ column.name }}" as varchar))) as cell
    from {{ model }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        cast(null as varchar) as column_name,
        false as is_hash,
        false as is_number,
        cast(null as varchar) as cell
    {%- endfor %}
),

-- The whole cell, each of its words, two words together, and long runs of digits within.
pieces as (
    select
        cells.column_name,
        cells.is_number,
        unnest(case
            when cells.is_hash then [cells.cell]
            else list_concat(
                [cells.cell, substr(regexp_replace(cells.cell, '[^\p{L}\p{N}]', '', 'g'), 1, 32)],
                string_split_regex(cells.cell, '[^\p{L}\p{N}]+'),
                regexp_extract_all(cells.cell, '\p{L}*[0-9]+ \p{L}*[0-9]+\p{L}*'),
                regexp_extract_all(cells.cell, '[0-9]{5,}'),
                regexp_extract_all(cells.cell, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
            )
        end) as piece
    from cells
    where
        cells.cell not in (select vocabulary.cell from vocabulary)
        and not regexp_full_match(cells.cell, '[0-9]{4}(-[0-9]{2}| q[1-4])')
)

select distinct
    pieces.column_name,
    identifiers.kind
from pieces
inner join identifiers
    on regexp_replace(pieces.piece, '[^\p{L}\p{N}]', '', 'g') = identifiers.identifier
-- A count of people can be somebody's short number by chance.
where not (pieces.is_number and length(identifiers.identifier) < 7)
{% endtest %}
