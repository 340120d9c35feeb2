"""Settings are typed, their names are known, and none reaches SQL as text that was not checked."""

import re

import yaml
from dbt_runs import PROJECT

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
