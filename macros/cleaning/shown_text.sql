{#- Text in which what cannot be seen is spelled out: `Female<zero-width space>` beside `Female`. Where only the
    spaces differ, a value and the one that is meant look alike on every screen. -#}
{% macro shown_text(column) -%}
    {%- set names = [
        ('\u00a0', 'no-break space'), ('\u2007', 'figure space'), ('\u2009', 'thin space'), ('\u200a', 'hair space'),
        ('\u200b', 'zero-width space'), ('\u200c', 'zero-width non-joiner'), ('\u200d', 'zero-width joiner'),
        ('\u2060', 'word joiner'), ('\u202f', 'narrow no-break space'), ('\ufeff', 'byte order mark'),
        ('\u00ad', 'soft hyphen'), ('\u200e', 'left-to-right mark'), ('\u200f', 'right-to-left mark'),
       ('\u2003', 'em space'), ('\u3000', 'ideographic space'), ('\t', 'tab'), ('\r', 'carriage return'), ('\n', 'line break'),
    ] -%}
    {%- set shown = namespace(text=column) -%}
    {%- for letter, name in names -%}
        {%- set shown.text = "replace(" ~ shown.text ~ ", '" ~ letter ~ "', '<" ~ name ~ ">')" -%}
    {%- endfor -%}
    case
        -- Nearly no text holds any: one look instead of many replacements.
        when {{ holds_unseen(column) }} then {{ unseen_replaced(shown.text, '<unseen character>') }}
        else {{ column }}
    end
{%- endmacro %}
