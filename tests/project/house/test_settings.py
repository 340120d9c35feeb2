"""Settings are typed, their names are known, and none reaches SQL as text that was not checked."""

import ast
import json
import re

import yaml
from dbt_runs import PROJECT, run_dbt

from asc_cld import settings

VARS = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
# Free text: a name, a folder, a person's identifier. Everything else has a type.
FREE_TEXT = {"operator", "prepared_by", "checked_by", "approved_by"}
FREE_TEXT |= {"connector_confirmed_by"}
FREE_TEXT |= {"controller", "controller_contact", "data_protection_officer"}


def test_every_setting_has_a_type_or_is_free_text():
    untyped = {name for name in VARS["defaults"] if not name.endswith("_path")} - set(VARS["setting_types"])
    assert untyped == FREE_TEXT
    assert set(VARS["setting_types"]) <= set(VARS["defaults"])


def test_what_no_figure_depends_on_is_named_once_and_by_settings_that_are_there():
    named = [name for names in VARS["settings_beside"].values() for name in names]
    assert len(named) == len(set(named)) and set(named) <= set(settings.setting_names())


def test_free_text_reaches_sql_only_as_a_literal():
    free = FREE_TEXT | {name for name in VARS["defaults"] if name.endswith("_path")}
    written = re.compile(r"\{\{[^}]*?setting\(\s*['\"](\w+)['\"]\s*\)[^}]*\}\}")
    bare = [
        f"{path.name}: {found[0]}"
        for folder in ("models", "tests")
        for path in (PROJECT / folder).rglob("*.sql")
        for found in written.finditer(path.read_text(encoding="utf-8"))
        if found[1] in free
        and "quoted(setting(" not in found[0]
        and " if setting(" not in found[0]
        # Asked whether it is given at all; its text goes nowhere.
        and "== ''" not in found[0]
    ]
    assert bare == []
    assert written.search("where x = '{{ setting('operator') }}'")


def test_a_misspelt_variable_is_named_with_the_nearest_setting_and_without_its_value():
    [said] = settings.misspelt_variables({"CLD_LA_KODE": "secret", "CLD_LA_CODE": "409", "HOME": "/"})
    assert said == "CLD_LA_KODE is no setting; the nearest is CLD_LA_CODE"
    assert settings.misspelt_variables({f"CLD_{n.upper()}": "x" for n in settings.setting_names()}) == []


def test_a_flag_says_yes_in_python_as_in_sql():
    """The words are those of the macro setting, whatever their capitals."""
    macro = (PROJECT / "macros" / "periods" / "setting.sql").read_text(encoding="utf-8")
    [yes] = re.findall(r"given \| lower in (\[[^]]+\])", macro)
    [any_word] = re.findall(r"text \| lower not in (\[[^]]+\])", macro)
    for word in ast.literal_eval(any_word):
        assert settings.is_on(f" {word.upper()}") == (word in ast.literal_eval(yes)), word


# What these decide is read as SQL is written: dbt then goes on with what it had parsed.
READ_LATER = set(VARS["defaults"]) - set(VARS["settings_of_the_graph"])


def other_value(name: str) -> str:
    """A value that is not the default of a setting, and that its type allows."""
    default, type_ = VARS["defaults"][name], VARS["setting_types"].get(name, {"is": "text"})
    if type_["is"] == "choice":
        return next(one for one in type_["of"] if one != default)
    if type_["is"] == "flag":
        return "false" if default == "true" else "true"
    return {"day": "2025-12-31", "number": "0.5", "whole number": "77", "code": "X1"}.get(
        type_["is"], "elsewhere"
    )


def graph(folder) -> dict:
    """What dbt parsed: each node, where it lies, and what it stands on."""
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    parts = ("schema", "alias", "config", "group", "access")
    return {
        name: {part: node.get(part) for part in parts} | {"on": node.get("depends_on", {}).get("nodes")}
        for kind in ("nodes", "sources", "exposures", "unit_tests")
        for name, node in manifest[kind].items()
    } | {"disabled": sorted(manifest["disabled"])}


def test_no_setting_but_those_of_the_graph_changes_what_is_parsed(demo_build, tmp_path):
    given = {name: other_value(name) for name in READ_LATER}
    done = run_dbt(tmp_path, "parse", "--vars", json.dumps(given), artifacts=True)
    assert done.returncode == 0, done.stdout
    parsed, of_the_demo = graph(tmp_path), graph(demo_build.folder)
    assert [name for name in of_the_demo if parsed.get(name) != of_the_demo[name]] == []
    assert parsed.keys() == of_the_demo.keys()


def test_a_setting_that_is_read_later_makes_dbt_parse_nothing_again(demo_build, tmp_path):
    def parse(**settings):
        words = ("parse", "--log-level", "debug", "--log-format", "text")
        return run_dbt(tmp_path, *words, artifacts=True, **settings).stdout

    nothing, something = "no changes found, skipping parsing", "files changed"
    assert nothing in parse(**{name: other_value(name) for name in READ_LATER})
    # One that no other test gives: nobody has kept what dbt parses for it.
    changed = parse(mappings_path=tmp_path)
    assert nothing not in changed and something in changed
