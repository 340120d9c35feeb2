-- One row is one answer of a form to a control of the seed, in the words of the extracts.
with

controls as (

    select * from {{ ref('controls') }}

),

answers as (

    select * from {{ source('landed', 'formanswerpersonview') }}

),

in_words as (

    select
        answers.instanceid as event_id,
        lower(controls.extract) as extract,
        controls.column_name,
        controls.of_several,
        case
            when lower(controls.answer) = 'date' then answers.dateanswervalue
            when lower(controls.answer) = 'short' then answers.shortanswervalue
            else answers.answervalue
        end as value
    from answers
    inner join controls on answers.controlname = controls.controlname

)

select
    event_id,
    extract,
    column_name,
    -- The view keeps no order of answers: of several, the seed chooses the least or the greatest.
    case
        when lower(max(of_several)) = 'latest' then max(value)
        else min(value)
    end as value
from in_words
where value is not null
group by event_id, extract, column_name
