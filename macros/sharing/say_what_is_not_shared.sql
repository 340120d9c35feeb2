{#- Says at the end of a build that the pseudonymised rows were left out, and why. Runs as
    on-run-end; it looks at the project's models, not at the secret. -#}
{% macro say_what_is_not_shared() -%}
    {%- if execute and flags.WHICH in ('build', 'run')
            and 'model.asc_cld.share_measures' in selected_resources
            and setting('include_built')
            and 'model.asc_cld.share_events' not in graph.nodes -%}
        {%- do log(
            "sharing.share_events was not built: CLD_PSEUDONYM_KEY is not set, and without a secret"
            ~ " no pseudonym is safe (docs/data-protection.md).", info=true
        ) -%}
    {%- endif -%}
{%- endmacro %}
