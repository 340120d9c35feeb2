{#- Whether a cell of a raw record holds something that is not of the contract's type. 'word:x' is a word
    of the vocabulary x (an empty cell is none of its words); 'key' a primary key; 'reference' a key of
    another record, joined by join_references(), and 'needed reference' one without which the record is nobody's
    (an empty cell points at nothing); 'nhs_number' is asked of identifiers of that type only. -#}
{% macro is_unreadable(column, type) -%}
    {%- set cell = 'records.' ~ column -%}
    {%- if type == 'word:id_type' -%}
        {#- The contract allows other local types: an unknown one matters where it may hold an NHS number. -#}
        (
            {{ parse_word(cell, 'id_type') }} is null
            and {{ matches_pattern(parse_nhs_number('records.id_value'), '^[0-9]{9,10}$') }}
        )
    {%- elif type.startswith('word:') -%}
        {{ parse_word(cell, type.removeprefix('word:')) }} is null
    {%- elif type == 'nhs_number' -%}
        (
            {{ clean_text(cell) }} is not null
            and {{ parse_word('records.id_type', 'id_type') }} = 'NHS'
            and {{ parse_nhs_number(cell) }} is null
        )
    {%- elif type == 'reference' -%}
        ({{ column }}_reference.written_key is not null and {{ column }}_reference.referred_key is null)
    {%- elif type == 'needed reference' -%}
        ({{ clean_key(cell) }} is null or {{ is_unreadable(column, 'reference') }})
    {%- elif type == 'key' -%}
        {#- 1.23E+11: a spreadsheet has thrown the last digits away. -#}
        {{ matches_pattern(cell, '^ *[0-9]([.][0-9]+)?[Ee][+]?[0-9]+ *$') }}
    {%- elif type in ('date', 'timestamp') -%}
        {{ is_unreadable_day(cell) }}
    {%- else -%}
        {%- set readers = {
            'decimal': parse_decimal, 'integer': parse_integer, 'flag': parse_flag,
        } -%}
        (({{ readers[type](cell) }}) is null and {{ clean_text(cell) }} is not null)
    {%- endif -%}
{%- endmacro %}
