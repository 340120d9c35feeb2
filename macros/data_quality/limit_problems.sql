{#- What is wrong with the council's limits of what nobody understands (unread_limits.csv), in plain words with
    the line of the file: a row that meets no column accepts nothing, and nobody would know. -#}
{% macro limit_problems() -%}
    {{- return(problems_of_limits(own_list_path('unread_limits'), seed_path('spec_extract_columns'))) -}}
{%- endmacro %}

{#- The same of two files. -#}
{% macro problems_of_limits(limits, contract) -%}
    {%- set kinds = ['date', 'number', 'flag', 'word', 'code', 'identifier', 'key', 'reference'] -%}
    {%- set found = run_query(
        "with contract as (select table_name, column_name from " ~ csv_rows(contract) ~ "),
        limits as (
            select *, " ~ line_in_file() ~ " as line from " ~ csv_rows(limits) ~ "
        ),
        problems as (
            select line, 'extract is of the form ''' || coalesce(" ~ form_of('extract') ~ ", '') || ''': write an extract of the contract, or *' as problem
            from limits
            where extract is null
                or (extract <> '*' and extract not in (select table_name from contract))
            union all
            select line, 'column_name is of the form ''' || coalesce(" ~ form_of('column_name') ~ ", '') || ''': write a column of the extract, or *'
            from limits
            where column_name is null or (
                column_name <> '*' and not exists (
                    select 1 from contract
                    where contract.column_name = limits.column_name
                        and limits.extract in ('*', contract.table_name)
                )
            )
            union all
            select line, 'kind is of the form ''' || coalesce(" ~ form_of('kind') ~ ", '') || ''': write one of *, " ~ kinds | join(', ') ~ "'
            from limits where kind is null or kind not in ('*', '" ~ kinds | join("', '") ~ "')
            union all
            select line, 'accepted_count is of the form ''' || " ~ form_of('accepted_count') ~ " || ''': write a whole number'
            from limits
            where accepted_count is not null and not " ~ matches_pattern('accepted_count', '^[0-9]+$') ~ "
            union all
            select line, 'accepted_share is of the form ''' || " ~ form_of('accepted_share') ~ " || ''': write a share from 0 to 1'
            from limits
            where accepted_share is not null
                and not coalesce(try_cast(accepted_share as double) between 0 and 1, false)
            union all
            select line, 'accepts nothing: write accepted_count or accepted_share'
            from limits where accepted_count is null and accepted_share is null
            union all
            select line, 'reason or owner is blank' from limits where reason is null or owner is null
            union all
            select max(line), 'the same column and kind stand ' || count(*) || ' times'
            from limits group by la_code, extract, column_name, kind having count(*) > 1
        )
        select 'unread_limits.csv, line ' || line || ': ' || problem as said
        from problems order by line, problem"
    ) -%}
    {{- return(found.columns[0].values() | list) -}}
{%- endmacro %}
