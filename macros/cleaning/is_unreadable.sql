{#- Whether a cell of a raw record holds something that is not of the contract's type. The type 'word:x'
    is a word of the vocabulary x; an empty cell is none of its words. The type 'nhs_number' is asked of
    identifiers of that type only. -#}
{% macro is_unreadable(column, type) -%}
    {%- set cell = 'records.' ~ column -%}
    {%- if type.startswith('word:') -%}
        {{ parse_word(cell, type.removeprefix('word:')) }} is null
    {%- elif type == 'nhs_number' -%}
        (
            {{ clean_text(cell) }} is not null
            and {{ parse_word('records.id_type', 'id_type') }} = 'NHS'
            and {{ parse_nhs_number(cell) }} is null
        )
    {%- else -%}
        {%- set readers = {
            'date': read_date, 'timestamp': read_date,
            'decimal': parse_decimal, 'integer': parse_integer, 'flag': parse_flag,
        } -%}
        ({{ clean_text(cell) }} is not null and ({{ readers[type](cell) }}) is null)
    {%- endif -%}
{%- endmacro %}
