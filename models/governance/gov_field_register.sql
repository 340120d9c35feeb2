-- Each of the 50 fields: from which extract columns, through which models, under which rules, for whom.
with

fields as (
    select * from {{ ref('spec_fields') }}
),

field_sources as (
    select * from {{ ref('spec_field_sources') }}
),

module_purposes as (
    select * from {{ ref('gov_module_purposes') }}
),

recipients as (
    select * from {{ ref('gov_recipients') }}
),

rules as (
    select * from {{ ref('spec_rules') }}
),

summary as (
    select * from {{ ref('dq_summary') }}
    where origin = 'built'
),

field_columns as (
    select * from {{ ref('gov_field_columns') }}
),

extract_columns as (
    select
        columns_read.snake_name,
        {{ joined_text('columns_read.extract_column', "'; '", 'columns_read.extract_column') }}
            as extract_columns
    from (
        select distinct
            field_sources.snake_name,
            coalesce(
                field_sources.source_table || coalesce('.' || field_sources.source_column, ''),
                field_sources.how_it_is_made
            ) as extract_column
        from field_sources
    ) as columns_read
    group by columns_read.snake_name
),

models_on_the_way as (
    select
        known.field_order,
        {{ joined_text(
            "known.layer || '.' || known.model", "'; '", "known.layer || '.' || known.model"
        ) }} as models
    from (
        select distinct
            fields.field_order,
            field_columns.layer,
            field_columns.model
        from field_columns
        inner join fields on field_columns.cld_field = fields.header
    ) as known
    group by known.field_order
),

classes as (
    select
        fields.field_order,
        max(field_columns.pii) as pii
    from field_columns
    inner join fields on field_columns.cld_field = fields.header
    where field_columns.model = 'cld_events'
    group by fields.field_order
),

rule_fields as (
    select
        fields.field_order,
        rules.rule_id,
        rules.severity,
        coalesce(summary.breach_count, 0) as breach_count
    from rules
    inner join fields on '; ' || rules.fields || ';' like '%; ' || fields.header || ';%'
    left join summary on rules.rule_id = summary.rule_id
),

rule_results as (
    select
        rule_fields.field_order,
        count(*) as rule_count,
        sum(rule_fields.breach_count) as breach_count,
        {{ joined_text('rule_fields.rule_id', "'; '", 'rule_fields.rule_id') }} as rules,
        {{ joined_text(
            "case when rule_fields.breach_count > 0 then rule_fields.rule_id || ' ('"
            ~ " || rule_fields.severity || ', ' || rule_fields.breach_count || ')' end",
            "'; '", 'rule_fields.rule_id'
        ) }} as broken_rules
    from rule_fields
    group by rule_fields.field_order
),

identified_recipients as (
    select {{ joined_text('recipients.recipient', "'; '", 'recipients.recipient') }} as names
    from recipients
    where recipients.receives_identifiable = 'yes'
)

select
    cast(fields.field_order as integer) as field_order,
    fields.header,
    fields.module,
    fields.definition,
    classes.pii,
    fields.release_status,
    extract_columns.extract_columns,
    models_on_the_way.models,
    cast(coalesce(rule_results.rule_count, 0) as integer) as rule_count,
    rule_results.rules,
    cast(coalesce(rule_results.breach_count, 0) as bigint) as breach_count,
    rule_results.broken_rules,
    module_purposes.purposes,
    identified_recipients.names as recipients
from fields
cross join identified_recipients
left join extract_columns on fields.snake_name = extract_columns.snake_name
left join models_on_the_way on fields.field_order = models_on_the_way.field_order
left join classes on fields.field_order = classes.field_order
left join rule_results on fields.field_order = rule_results.field_order
left join module_purposes on fields.module = module_purposes.module
