"""Extracts: keys as the models see them, and what lies in the folder under an extract's name."""

import os
import re
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dbt_runs import PROJECT

from asc_cld.readers.errors import InputError
from asc_cld.readers.extract_reader import (
    file_facts,
    is_called_after,
    read_extract,
    read_file_facts,
    signs_of_a_cut,
)

HEADER = "team_id,team_name,service_area\n"


def team(tmp_path, text):
    (tmp_path / "team.csv").write_text(text, encoding="utf-8")
    return read_extract(tmp_path, "team")


@pytest.mark.parametrize(
    "second",
    ["T1", " T1", "T1\u00a0", "\u200bT1", "T1\t", '"T1\n"', "\ufeffT1\u2009", "T\u200b1", "T\u00ad1\u200e"],
)
def test_a_key_that_stands_twice_is_found_as_the_models_see_it(tmp_path, second):
    with pytest.raises(
        InputError, match=r"team.csv: team_id is the primary key, yet 1 values .* on lines 2, 4\."
    ):
        team(tmp_path, HEADER + "T1,a,\nT2,b,\n" + second + ",c,\n")


@pytest.mark.parametrize("blank", [" ", "\u00a0", "NULL", "null", '""'])
def test_a_blank_key_is_named_with_its_line(tmp_path, blank):
    with pytest.raises(
        InputError, match=r"team_id is the primary key and is blank on line 3 \(1 such rows\)"
    ):
        team(tmp_path, HEADER + "T1,a,\n" + blank + ",b,\n")


def test_a_key_that_is_no_cell_at_all_is_named_with_its_row(tmp_path):
    pq.write_table(pa.table({"team_id": ["T1", None], "team_name": ["a", "b"]}), tmp_path / "team.parquet")
    with pytest.raises(InputError, match=r"team_id is the primary key and is blank on row 2 \(1 such rows\)"):
        read_extract(tmp_path, "team")


def test_rows_in_which_nothing_stands_are_no_records(tmp_path):
    table = team(tmp_path, HEADER + "T1,a,\n,,\nT2,b,\n,,\n\n")
    assert table["team_id"].to_pylist() == ["T1", "T2"] and table["source_row"].to_pylist() == [1, 3]


def test_a_line_break_at_the_end_of_a_cell_is_kept(tmp_path):
    assert team(tmp_path, HEADER + 'T1,"a\nb",\n')["team_name"].to_pylist() == ["a\nb"]


@pytest.mark.parametrize("written", ['"=""T1"""', '="T1"', "'T1", "'T1'", ' ="T1" '])
def test_the_mark_that_keeps_a_cell_text_in_excel_is_no_part_of_a_key(tmp_path, written):
    header = "updated_at,person_id,title,forename,surname,date_of_birth,date_of_death,gender_code,ethnicity_code,record_status"
    name = "'t Nobody"
    (tmp_path / "person.csv").write_text(f"{header}\n'2026-01-01,{written},,=A1,{name},,,{written},,ACTIVE\n")
    (row,) = read_extract(tmp_path, "person").to_pylist()
    assert (row["person_id"].strip(), row["gender_code"].strip()) == ("T1", "T1")
    assert (row["updated_at"], row["forename"], row["surname"]) == ("2026-01-01", "=A1", name)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["T1,a,", "team_id,team_name,service_area"], "line 3: the header stands here again"),
        (["T1,a,", "", "Team ID,Team Name,Service Area"], "line 4: the header stands here again"),
        (["-------,-----,---", "T1,a,"], "line 2: a ruler under the header"),
        (["T1,a,", "Total,,"], "line 3: a total, a count or a page number"),
        (["T1,a,", "Grand total: 1,,"], "line 3: a total, a count or a page number"),
        (["T1,a,", "(1 rows affected),NULL,"], "line 3: a total, a count or a page number"),
        (["T1,a,", "Page 1 of 2,,"], "line 3: a total, a count or a page number"),
    ],
)
def test_a_row_of_a_report_is_no_record(tmp_path, lines, said):
    with pytest.raises(InputError, match=f"^team.csv, {said}"):
        team(tmp_path, HEADER + "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    "footer",
    [
        '"12,345 rows selected.",,,',
        ",,12345 rows returned,",
        "Records: 9,NULL,,",
        "Run by,,,\nEnd,,,",
        ",,, ",
    ],
)
def test_a_footer_in_its_own_words_is_no_record(tmp_path, footer):
    """Also of an extract without a key. What is filled in no cell is no row at all."""
    header = "person_id,id_type,id_value,verified\n"
    (tmp_path / "person_identifier.csv").write_text(f"{header}P1,NHS,,\nP2,NHS,9990000018,Y\n{footer}\n")
    if footer.strip(", "):
        with pytest.raises(InputError, match="^person_identifier.csv, line 4: only one cell is filled"):
            read_extract(tmp_path, "person_identifier")
    else:
        assert read_extract(tmp_path, "person_identifier").num_rows == 2


def test_a_record_that_only_looks_like_a_row_of_a_report_is_one(tmp_path):
    rows = "Total,Total Care Team,team_name\nCOUNT,County team,\n1 record,-,---\n"
    assert team(tmp_path, HEADER + rows).num_rows == 3


@pytest.mark.parametrize(
    "header", ["Team ID,TEAM NAME,service-area", " team_id ,team\u00a0name,\ufeffService_Area"]
)
def test_a_header_is_read_in_the_words_of_a_report(tmp_path, header):
    assert team(tmp_path, header + "\nT1,a,b\n").to_pylist() == [
        {"team_id": "T1", "team_name": "a", "service_area": "b", "source_row": 1}
    ]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "team_id,team_name,servicearea",
            "line 1: 'servicearea' is no column of the contract; if it is service_area",
        ),
        ("team_id,team_name,service_area (2026)", "line 1: 'service_area_.2026.' is no column"),
        ('team_id,team_name,"service_area\n[code]"', "line 2: 'service_area_.code.' is no column"),
        ("team_id,teamname,service_area", r"required column missing: team_name \(is it teamname\?\)"),
        (
            "team_id,label,service_area",
            "required column missing: team_name; nobody reads label: rename it if",
        ),
    ],
)
def test_a_slip_in_the_name_of_a_column_does_not_lose_it(tmp_path, header, said):
    with pytest.raises(InputError, match=f"^team.csv(, |: ){said}"):
        team(tmp_path, header + "\nT1,a,b\n")


@pytest.mark.parametrize("name", ["Team.txt.bak.csv", "team_20261018.csv", "Teams.csv", "TEAM EXTRACT.csv"])
def test_a_file_under_another_name_is_named_where_its_own_is_missing(tmp_path, name):
    (tmp_path / name).write_text("team_id,team_name\n1,a\n", encoding="utf-8")
    with pytest.raises(InputError, match=f"no file team.csv .*; rename {name} if it is that"):
        read_extract(tmp_path, "team")


def test_a_column_left_out_and_another_of_its_own_name_are_no_slip(tmp_path):
    table = team(tmp_path, "team_id,team_name,service_manager\nT1,a,b\n")
    assert table["service_area"].to_pylist() == [None]


@pytest.mark.skipif(os.name != "posix", reason="pipes and links of a Unix system")
@pytest.mark.parametrize("what", ["folder", "pipe", "broken link"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_what_is_no_file_is_named_and_never_waited_for(tmp_path, what, suffix):
    path = tmp_path / f"team{suffix}"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "nowhere")
    said = []

    def read():
        with pytest.raises(InputError, match=f"team{suffix}.*no file"):
            read_extract(tmp_path, "team")
        said.append(True)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(10)
    assert said == [True]


def test_parquet_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "team.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(InputError, match="team.parquet: this is not a Parquet file"):
        read_extract(tmp_path, "team")
    pq.write_table(pa.table({"TEAM_ID": ["T1", "T1"], "team_name": ["a", "b"]}), tmp_path / "team.parquet")
    with pytest.raises(InputError, match="on rows 1, 2"):
        read_extract(tmp_path, "team")


def test_an_error_of_excel_in_parquet_is_named_as_in_text(tmp_path):
    columns = {"team_id": ["T1", "T2", "T3"], "team_name": ["a", "#N/A", "#REF!"]}
    pq.write_table(pa.table(columns), tmp_path / "team.parquet")
    with pytest.raises(
        InputError, match=r"team.parquet, line 2, column team_name: holds an error of Excel, #N/A \(2 such"
    ):
        read_extract(tmp_path, "team")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("C1,RenÃ©e,", None),
        ("C1,a,R\ufffdgion", None),
        ("T\ufffd1,a,", "line 3, column team_id: 1 cells with damaged letters in a key"),
    ],
)
def test_damaged_letters_are_named_and_stop_the_file_where_they_are_in_a_key(tmp_path, row, said):
    """Two keys may have become one; a name with such a letter goes into the return as it is, and is told."""
    if said:
        with pytest.raises(InputError, match=f"^team.csv, {said}"):
            team(tmp_path, HEADER + f"T1,a,\n{row}\n")
    else:
        team(tmp_path, HEADER + f"T1,a,\n{row}\n")
        column = "team_name" if "Ã" in row else "service_area"
        assert file_facts(tmp_path, "team")["letters_damaged"] == (
            f"{column}: 1 cells with damaged letters (the first on line 3)"
        )


def rate(tmp_path, days):
    header = "rate_id,line_id,rate_type_code,amount,per_unit_code,start_date,end_date\n"
    rows = [f"R{number},L1,G,1,WK,{day},\n" for number, day in enumerate(days)]
    (tmp_path / "rate.csv").write_text(header + "".join(rows))
    return tmp_path


LATE = [f"{day + month}/{month:02}/2026" for day in (12, 15) for month in range(1, 13)]


def test_days_with_day_and_month_swapped_stop_the_file_unless_the_council_says_that_they_are_right(tmp_path):
    rate(tmp_path, [*LATE, *[f"2026-{month:02}-{13 - month:02}" for month in range(1, 12)]])
    with pytest.raises(
        InputError, match=r"^rate.csv, line 26, column start_date: 11 of its 35 days are written"
    ):
        read_extract(tmp_path, "rate")
    limits = "la_code,extract,column_name,kind,accepted_count,accepted_share,reason,owner\n"
    settings = {"rules_path": str(tmp_path), "la_code": "213"}
    for row, is_accepted in {
        "213,rate,start_date,day order,11,,x,y": True,
        "*,rate,start_date,day order,,1,x,y": True,
        "213,rate,start_date,day order,10,,x,y": False,
        "213,rate,end_date,day order,11,,x,y": False,
        "409,rate,start_date,day order,11,,x,y": False,
        "*,*,*,*,99,,x,y": False,
    }.items():
        (tmp_path / "unread_limits.csv").write_text(limits + row + "\n")
        if is_accepted:
            assert read_extract(tmp_path, "rate", settings.__getitem__).num_rows == 35
            assert file_facts(tmp_path, "rate")["days_in_doubt"] is None
        else:
            with pytest.raises(InputError, match="11 of its 35 days"):
                read_extract(tmp_path, "rate", settings.__getitem__)


def test_a_few_such_days_are_a_fact_of_the_file(tmp_path):
    rate(tmp_path, [*LATE, "2026-02-03", "2026-05-07", "2026-09-11"])
    assert file_facts(tmp_path, "rate")["days_in_doubt"].endswith("(the first on line 26)")


def test_days_written_as_midnight_in_utc_stop_the_file_in_the_same_way(tmp_path):
    summer = [f"2026-0{month}-{day} 23:00:00" for month in (4, 7) for day in (28, 29)]
    rate(tmp_path, ["2026-01-05 00:00:00", *summer])
    assert "line 3" in file_facts(tmp_path, "rate")["days_in_doubt"]
    rate(tmp_path, ["2026-01-05 00:00:00", *summer, "2026-05-31 23:00:00"])
    with pytest.raises(
        InputError, match=r"^rate.csv, line 3, column start_date: 5 of its .* Export it as days"
    ):
        read_extract(tmp_path, "rate")
    (tmp_path / "unread_limits.csv").write_text(
        "la_code,extract,column_name,kind,accepted_count,accepted_share,reason,owner\n213,rate,start_date,day order,5,,x,y\n"
    )
    settings = {"rules_path": str(tmp_path), "la_code": "213"}
    assert read_extract(tmp_path, "rate", settings.__getitem__).num_rows == 6


@pytest.mark.parametrize(
    ("records", "is_round"),
    [
        (999, True),
        (1000, True),
        (1001, False),
        (1200, False),
        (50_000, True),
        (65_535, True),
        (1_048_575, True),
        (100, False),
    ],
)
def test_as_many_records_as_programs_stop_at_are_a_sign_of_a_cut(records, is_round):
    (signs,) = signs_of_a_cut([{"records": records}])
    assert (signs == f"{records} records are as many as programs stop at") is is_round and bool(
        signs
    ) is is_round


def test_a_last_line_without_an_end_is_a_sign_where_another_has_one():
    cut, whole, workbook = ({"records": 5, "last_line_ends": ends} for ends in (False, True, None))
    assert signs_of_a_cut([cut, whole, workbook]) == ["its last line has no end, as others have", None, None]
    assert signs_of_a_cut([cut, cut, workbook]) == [None, None, None]


def test_files_of_a_mac_are_passed_over(tmp_path):
    (tmp_path / "._team.csv").write_bytes(b"\x00\x05\x16\x07")
    assert team(tmp_path, HEADER + "T1,a,\n").num_rows == 1


def test_the_lines_of_every_extract_are_its_records():
    facts = read_file_facts(PROJECT / "data" / "demo" / "extracts").to_pylist()
    assert len(facts) == 15
    for fact in facts:
        beside = fact["empty_records"] + fact["blank_lines"] + fact["line_breaks_in_cells"]
        assert fact["lines_in_file"] == 1 + fact["records"] + beside


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_columns_that_are_absent_or_read_by_nobody_are_facts_of_the_file(tmp_path, suffix):
    """A column under a new name is both; a header that is no name is counted, for it may be anything."""
    names, cells = (
        ["Team ID", "Team_Name", "Area (old)", "field_of_work", "NHS 9990000093"],
        ["T1", "a", "", "b", ""],
    )
    if suffix == ".csv":
        (tmp_path / "team.csv").write_text(",".join(names) + "\n" + ",".join(cells) + "\n")
    else:
        columns = {name: [cell] for name, cell in zip(names, cells, strict=True)}
        pq.write_table(pa.table(columns), tmp_path / "team.parquet")
    facts = file_facts(tmp_path, "team")
    assert facts["columns_absent"] == "service_area"
    assert facts["columns_not_read"] == "field_of_work, 2 without a plain name"
    (tmp_path / f"team{suffix}").unlink()
    (tmp_path / "team.csv").write_text(HEADER + "T1,a,\n")
    assert (
        file_facts(tmp_path, "team")["columns_absent"]
        is file_facts(tmp_path, "team")["columns_not_read"]
        is None
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("team (1).csv", HEADER + "T2,b,\n"),
        ("team(1).CSV", HEADER + "T2,b,\n"),
        ("Team_part2.txt", "T2,b,\nT3,c,\n"),
        ("Copy of team.csv", HEADER),
        ("team_2025-26.csv", "T2,b,\n"),
        ("team_sandwell.csv", "extra;Team ID;Team Name;Service Area\n1;T2;b;\n"),
        ("old-team.csv", HEADER + "T1,a,\n"),
    ],
)
def test_a_second_file_of_an_extract_is_named_and_not_passed_over(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(
        InputError, match=f"team: beside team.csv, {re.escape(name)} seems to hold such records too"
    ):
        team(tmp_path, HEADER + "T1,a,\n")


def test_a_second_file_in_parquet_is_named_too(tmp_path):
    columns = {"team_id": ["T2"], "team_name": ["b"], "service_area": ["x"]}
    pq.write_table(pa.table(columns), tmp_path / "team_west.parquet")
    with pytest.raises(InputError, match="team_west.parquet seems to hold such records too"):
        team(tmp_path, HEADER + "T1,a,\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("team_notes.csv", "who,what\nA,b\n"),
        ("teams.csv", "T2,b,\n"),
        ("steam.csv", HEADER + "T2,b,\n"),
        ("team.sql", "select 1"),
        ("team_leaders.xlsx", "no workbook"),
        ("~$team.xlsx", ""),
    ],
)
def test_other_files_beside_an_extract_are_no_second_one(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert team(tmp_path, HEADER + "T1,a,\n").num_rows == 1


def test_a_second_file_belongs_to_the_extract_with_the_longer_name(tmp_path):
    """person_identifier (1) is one of person_identifier, and so it is said there and not of person."""
    assert is_called_after(tmp_path / "person_identifier (1).csv", "person_identifier")
    assert not is_called_after(tmp_path / "person_identifier (1).csv", "person")
    assert is_called_after(tmp_path / "person (1).csv", "person")
    assert not is_called_after(tmp_path / "person_identifier.csv", "person")
