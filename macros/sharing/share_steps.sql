{#- From fine to coarse: what the shared rows of a person tell, step by step, as column -> column of
    share_rows. What a step does not name is withheld. share_people takes for each person the first step at
    which enough people look the same in all that is told; share_events writes what that step tells.
    A step that tells when an event began is for the living only: the events of a death would date it. -#}
{% macro share_steps() -%}
    {%- set event = {'event_type': 'event_type', 'client_type': 'client_type'} -%}
    {%- set fine_age = {'age_band': 'age_band', 'gender': 'gender'} -%}
    {%- set wide_age = {'age_band': 'working_age_band', 'gender': 'gender'} -%}
    {%- set ethnic = {'ethnic_group': 'ethnic_group'} -%}
    {%- set reason = {'primary_support_reason': 'primary_support_reason'} -%}
    {%- set service = {'service_type': 'service_type'} -%}
    {%- set service_group = {'service_type': 'service_group'} -%}
    {%- set died = {'has_died': 'has_died'} -%}
    {%- set quarter = {'event_start': 'start_quarter'} -%}
    {%- set codes = {
        'accommodation_status': 'accommodation_status', 'event_outcome': 'event_outcome',
        'request_route_of_access': 'request_route_of_access',
    } -%}
    {%- set birth = {'birth_year': 'birth_year', 'birth_month': 'birth_month'} -%}
    {%- set steps = [
        [fine_age, ethnic, reason, service, quarter, codes, birth, {'event_start': 'start_month'}],
        [fine_age, ethnic, reason, service, quarter, codes],
        [fine_age, ethnic, reason, service, quarter, {'event_outcome': 'event_outcome'}],
        [fine_age, ethnic, reason, service, died],
        [wide_age, quarter, service],
        [fine_age, reason, service_group],
        [wide_age, reason, service],
        [wide_age, ethnic, service_group],
        [wide_age, quarter],
        [fine_age],
        [wide_age],
        [{'age_band': 'working_age_band'}],
        [],
        [{'client_type': none}],
    ] -%}
    {%- set found = [] -%}
    {%- for parts in steps -%}
        {%- set told = dict(event) -%}
        {%- for part in parts -%}
            {%- do told.update(part) -%}
        {%- endfor -%}
        {%- do found.append(told) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
