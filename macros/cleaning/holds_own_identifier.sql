{#- Whether a text of the row rows_read holds that person's own NHS number, postcode or name. For references:
    ten digits, or letters and digits, are usually the case system's own number. -#}
{% macro holds_own_identifier(text) -%}
    {%- for own in [
        'rows_read.first_name', 'rows_read.last_name', "replace(rows_read.postcode, ' ', '')",
        "replace(rows_read.nhs_number, ' ', '')",
    ] %}
    {{ 'or ' if not loop.first }}coalesce(
        length({{ own }}) >= 3 and position(lower({{ own }}) in lower({{ text }})) > 0, false
    )
    {%- endfor %}
{%- endmacro %}
