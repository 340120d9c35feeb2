{#- How alike two texts are, from 0 to 1 (1 for the same text). -#}
{% macro text_similarity(text_one, text_two) -%}
    {{ return(adapter.dispatch('text_similarity', 'asc_cld')(text_one, text_two)) }}
{%- endmacro %}

{% macro duckdb__text_similarity(text_one, text_two) -%}
    jaro_winkler_similarity({{ text_one }}, {{ text_two }})
{%- endmacro %}

{#- Jaro-Winkler as DuckDB counts it: with the first four
    letters weighing more where the texts are alike by more than 0.7. Spark has no function for it. -#}
{% macro spark__text_similarity(text_one, text_two) -%}
    transform(
        array(struct(
            {{ text_one }} as one,
            {{ text_two }} as two
        )),
        pair -> transform(
            array(struct(
                pair.one as one,
                pair.two as two,
                -- Each letter of one takes the first letter of two that is the same, near and not yet taken.
                case
                    when length(pair.one) = 0 or length(pair.two) = 0
                        then named_struct('left_of_two', pair.two, 'met', '')
                    else aggregate(
                        sequence(1, length(pair.one)),
                        named_struct('left_of_two', pair.two, 'met', ''),
                        (found, place) -> transform(
                            array(locate(
                                substr(pair.one, place, 1),
                                left(found.left_of_two, place + {{ spark__near('pair') }}),
                                greatest(1, place - {{ spark__near('pair') }})
                            )),
                            taken -> case
                                when taken = 0 then found
                                else named_struct(
                                    'left_of_two', overlay(found.left_of_two placing chr(0) from taken for 1),
                                    'met', found.met || substr(pair.one, place, 1)
                                )
                            end
                        )[0]
                    )
                end as found
            )),
            counted -> transform(
                array(case
                    when length(counted.found.met) = 0 then cast(0 as double)
                    else (
                        cast(length(counted.found.met) as double) / length(counted.one)
                        + cast(length(counted.found.met) as double) / length(counted.two)
                        + (
                            length(counted.found.met) - floor(aggregate(
                                filter(
                                    sequence(1, length(counted.two)),
                                    place -> substr(counted.found.left_of_two, place, 1) = chr(0)
                                ),
                                named_struct('number', 1, 'moved', 0),
                                (so_far, place) -> named_struct(
                                    'number', so_far.number + 1,
                                    'moved', so_far.moved + cast(
                                        substr(counted.two, place, 1)
                                        <> substr(counted.found.met, so_far.number, 1) as integer
                                    )
                                ),
                                so_far -> so_far.moved
                            ) / 2)
                        ) / cast(length(counted.found.met) as double)
                    ) / 3
                end),
                alike -> case
                    when alike > 0.7
                        then alike + 0.1 * (1 - alike) * aggregate(
                            array(1, 2, 3, 4),
                            0,
                            (same, place) -> case
                                when
                                    same = place - 1 and place <= least(length(counted.one), length(counted.two))
                                    and substr(counted.one, place, 1) = substr(counted.two, place, 1)
                                    then same + 1
                                else same
                            end
                        )
                    else alike
                end
            )[0]
        )[0]
    )[0]
{%- endmacro %}

{#- How far from each other two letters of a pair of texts may stand. -#}
{% macro spark__near(pair) -%}
    cast(greatest(floor(greatest(length({{ pair }}.one), length({{ pair }}.two)) / 2) - 1, 0) as integer)
{%- endmacro %}
