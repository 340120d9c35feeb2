"""Mappings as Excel saves them, and the value, code or column that is wrong named with its line."""

import csv
import io
import re

import pytest
from dbt_runs import PROJECT

from asc_cld.readers.errors import InputError
from asc_cld.readers.mapping_reader import read_mapping

SEEDS = PROJECT / "seeds" / "mappings"
MAPPINGS = ["map_codes", "map_event_scope", "map_services", "map_units", "map_rates"]


def seed_text(mapping):
    return (SEEDS / f"{mapping}.csv").read_text(encoding="utf-8")


def with_delimiter(text, delimiter):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(csv.reader(io.StringIO(text)))
    return stream.getvalue()


def british_days(text):
    return re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3/\2/\1", text)


FORMS = {
    "semicolons": lambda text: with_delimiter(text, ";").encode(),
    "tabs": lambda text: with_delimiter(text, "\t").encode(),
    "byte order mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "days of Excel": lambda text: british_days(text).encode(),
    "trailing columns": lambda text: "".join(f"{line},,\r\n" for line in text.splitlines()).encode(),
    "trailing rows": lambda text: (text + "," * text.split("\n")[0].count(",") + "\n,,\n\n").encode(),
    "spaces": lambda text: text.replace(",", " ,\u00a0", 1).encode(),
    "copied rows": lambda text: (text + text.split("\n", 1)[1]).encode(),
}


@pytest.mark.parametrize("mapping", MAPPINGS)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_file_is_the_same_mapping(tmp_path, mapping, form):
    text = seed_text(mapping)
    (tmp_path / f"{mapping}.csv").write_text(text, encoding="utf-8")
    expected = read_mapping(tmp_path, mapping).to_pylist()
    assert len(expected) > 5
    (tmp_path / f"{mapping}.csv").write_bytes(FORMS[form](text))
    assert read_mapping(tmp_path, mapping).to_pylist() == expected


def refused(tmp_path, mapping, text):
    (tmp_path / f"{mapping}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_mapping(tmp_path, mapping)
    return str(error.value)


SERVICES = "element_code,package_type_code,subject_role,service_type,service_component,ends_on_delivery,exclusion_code\n"
UNITS = "unit_code,cost_frequency,units_per_week\n"


@pytest.mark.parametrize(
    ("mapping", "text", "said"),
    [
        (
            "map_codes",
            "code_list,local_code,cld_field,cld_value,note,cld_value\na,b,Gender,Male,,Male\n",
            "map_codes.csv, line 1, column cld_value: stands more than once in the header (columns 4, 6)",
        ),
        (
            "map_codes",
            "code_list,local_code,cld_field\na,b,Gender\n",
            "map_codes.csv: column missing: cld_value",
        ),
        (
            "map_codes",
            "code_list,local_code,cld_field,cld_value\ngender,M,Gender,Male\ngender,F,Gender,Femal\n",
            "map_codes.csv, line 3, column cld_value: is not a value of Gender; the nearest listed value is 'Female'",
        ),
        (
            "map_codes",
            "code_list,local_code,cld_field,cld_value\ngender,F,Gender,Fem\u200bale\n",
            "is not a value of Gender (it holds <zero-width space>); the nearest listed value is 'Female'",
        ),
        (
            "map_codes",
            "code_list,local_code,cld_field,cld_value\ngender,F,Gendr,Female\n",
            "line 2, column cld_field: is no field of the return; the nearest is 'Gender'",
        ),
        (
            "map_services",
            "element_code,package_type_code,subject_role,service_type,service_component,ends_on_delivery,"
            "exclusion_code\nHC,*,*,Long term support: Comunity,Meals,N,\n",
            "line 2, column service_type: is not a value of Service Type",
        ),
        (
            "map_units",
            "unit_code,cost_frequency,units_per_week,pricefactor\n15M,Hourly,0.25,4\n",
            "line 1: 'pricefactor' is no column of the contract; if it is price_factor, write it so",
        ),
        (
            "map_services",
            SERVICES + "HC,*,CARRER,Long term support: Community,Home support or domiciliary care,N,\n",
            "line 2, column subject_role: is no role; write CLIENT, CARER, CARED_FOR or * for every one;"
            " the nearest is 'CARER'",
        ),
        (
            "map_services",
            SERVICES + "HC,,*,Long term support: Community,Home support or domiciliary care,N,\n",
            "line 2, column package_type_code: is blank; write * for every one",
        ),
        (
            "map_services",
            SERVICES + "HC,*,*,,,,OUT_OF_SCOPE_OHTER\n",
            "line 2, column exclusion_code: is no reason of exclusion_reasons; the nearest is"
            " 'OUT_OF_SCOPE_OTHER'",
        ),
        (
            "map_codes",
            "code_list,local_code,cld_field,cld_value\nsubject_role,CLINT,Client Type,Service user\n",
            "line 2, column local_code: is no role; write CLIENT, CARER, CARED_FOR; the nearest is 'CLIENT'",
        ),
        (
            "map_rates",
            "rate_type_code,in_unit_cost\nGRS,Perhaps\n",
            "line 2, column in_unit_cost: write Y or N",
        ),
        ("map_units", UNITS + "HR,Hourley,1\n", "line 2, column cost_frequency: is not a value"),
        (
            "map_units",
            UNITS + "HR,Hourly,1\nWK,Weekly,1\nHR,Hourly,2\n",
            "line 4: the code of this row stands on line 2 too, for the same days, with another units_per_week",
        ),
        (
            "map_units",
            "unit_code,cost_frequency,units_per_week,valid_from\nHR,Hourly,1,05/13/2026\n",
            "line 2, column valid_from: not a day",
        ),
        (
            "map_rates",
            "rate_type_code,in_unit_cost\nGRS,Yes please\n",
            "line 2, column in_unit_cost: write Y or N",
        ),
        (
            "map_rates",
            "rate_type_code,in_unit_cost\nGRS,#REF!\n",
            "line 2, column in_unit_cost: holds an error of Excel",
        ),
        ("map_rates", "rate_type_code,in_unit_cost\nGRS,Y,N\n", "line 2: 3 cells where the header has 2"),
        (
            "map_codes",
            "code_list,local_code,cld_field,cld_value\nsubject_role,,Client Type,Service user\n",
            "line 2, column local_code: is blank, but the row fills in cld_value",
        ),
        ("map_rates", "rate_type_code,in_unit_cost\n,Y\n", "line 2, column rate_type_code: is blank"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, mapping, text, said):
    told = refused(tmp_path, mapping, text)
    assert said in told
    # A cell may hold anything: somebody's name as well. What is no name of a column is told by its place.
    assert not any(f"'{cell}'" in told for line in text.splitlines()[1:] for cell in line.split(",") if cell)


def test_two_rows_for_one_code_may_follow_each_other(tmp_path):
    (tmp_path / "map_units.csv").write_text(
        "unit_code,cost_frequency,units_per_week,valid_from,valid_to\n"
        "HR,Hourly,1,,31/03/2026\nHR,Hourly,2,2026-04-01,\n"
    )
    assert read_mapping(tmp_path, "map_units").num_rows == 2


def test_every_wrong_value_is_named_at_once(tmp_path):
    said = refused(tmp_path, "map_units", UNITS + "HR,Hourley,1\nWK,Weekley,1\n")
    assert "line 2, column" in said and "line 3, column" in said


def test_a_mapping_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no mapping file map_units.csv .*: asc-cld map writes"):
        read_mapping(tmp_path, "map_units")
    (tmp_path / "map_units.csv").write_text(UNITS)
    (tmp_path / "map_units.txt").write_text(UNITS)
    with pytest.raises(InputError, match="more than one file"):
        read_mapping(tmp_path, "map_units")


def test_words_of_the_contract_are_read_as_in_the_extracts(tmp_path):
    rows = "HC,*,service user,Long term support: Community,Home support or domiciliary care,No,\n"
    rows += (
        "HC,RS,Cared-for person,,,true,out of scope - other\nDC,*,Customer,,,,OUT_OF_SCOPE_OTHER\nEQ,,,,,,\n"
    )
    (tmp_path / "map_services.csv").write_text(SERVICES + rows)
    (tmp_path / "map_words.csv").write_text("vocabulary,word,meaning\nsubject_role,customer,client\n")
    table = read_mapping(tmp_path, "map_services").select(
        ["subject_role", "ends_on_delivery", "exclusion_code"]
    )
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        ("CLIENT", "N", ""),
        ("CARED_FOR", "Y", "OUT_OF_SCOPE_OTHER"),
        ("CLIENT", "", "OUT_OF_SCOPE_OTHER"),
        ("", "", ""),
    ]
    (tmp_path / "map_codes.csv").write_text(
        "code_list,local_code,cld_field,cld_value\nsubject_role,Unpaid Carer,Client Type,Unpaid carer\n"
    )
    assert read_mapping(tmp_path, "map_codes")["local_code"].to_pylist() == ["CARER"]
