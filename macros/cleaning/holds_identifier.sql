{#- Whether a text holds an NHS number, a postcode or an e-mail address, in whichever column it was typed. -#}
{% macro holds_identifier(text) -%}
    coalesce(
        (
            {{ matches_pattern(text, identifying_pattern('nhs_number')) }}
            -- A CQC location id (1-1234567890) is no NHS number.
            and not {{ matches_pattern(text, '^1-[0-9]+$') }}
        )
        or {{ matches_pattern(text, identifying_pattern('postcode')) }}
        or {{ matches_pattern(text, identifying_pattern('email')) }},
        false
    )
{%- endmacro %}
