{#- The columns of sub_rows that DHSC cleans through a mapping table, with the header the lists of
    the specification know them by. -#}
{% macro dhsc_coded_columns() -%}
    {{ return([
        ('accommodation_status', 'Accommodation Status'),
        ('assessment_type', 'Assessment Type'),
        ('client_funding_status', 'Client Funding Status'),
        ('client_type', 'Client Type'),
        ('cost_frequency_unit_type', 'Cost Frequency (Unit Type)'),
        ('delivery_mechanism', 'Delivery Mechanism'),
        ('employment_status', 'Employment Status'),
        ('ethnicity', 'Ethnicity'),
        ('event_outcome', 'Event Outcome'),
        ('event_type', 'Event Type'),
        ('gender', 'Gender'),
        ('hearing_impairment', 'Hearing Impairment'),
        ('method_of_assessment', 'Method of Assessment'),
        ('method_of_review', 'Method of Review'),
        ('primary_support_reason', 'Primary Support Reason'),
        ('request_route_of_access', 'Request: Route of Access'),
        ('review_outcomes_achieved', 'Review Outcomes Achieved'),
        ('review_reason', 'Review Reason'),
        ('service_component', 'Service Component'),
        ('service_type', 'Service Type'),
        ('visual_impairment', 'Visual Impairment'),
    ]) }}
{%- endmacro %}
