{#- The last word before the return is written, as a pre-hook of gov_return_file: stops with a sentence
    where a record is unaccounted for or the gate is closed. A stop inside the Python model would show
    the reader a traceback instead. -#}
{% macro stop_where_the_gate_says_no() -%}
    {%- if execute -%}
        {%- set lost = run_query(
            "select source_table from " ~ ref('cld_reconciliation')
            ~ " where difference <> 0 order by source_table"
        ).columns[0].values() -%}
        {%- if lost -%}
            {{- exceptions.raise_compiler_error(
                "The return is not written: records unaccounted for in " ~ lost | join(', ') ~ "."
            ) -}}
        {%- endif -%}
        {%- set reasons = run_query(
            "select reasons from " ~ ref('dq_gate') ~ " where not may_write"
        ).columns[0].values() -%}
        {%- if reasons -%}
            {{- exceptions.raise_compiler_error(
                "The return is not written: the checks do not let it. " ~ reasons[0]
            ) -}}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
