"""What DuckDB may take of the machine: settings with defaults, and a sentence for what cannot be read."""

from types import SimpleNamespace

import duckdb
import pytest
from dbt_common.exceptions import DbtRuntimeError

from asc_cld.plugins import limits


def config_of(tmp_path, **given):
    """The connection's settings after the plugin, for a database that is not there yet."""
    config = dict(given)
    plugin = limits.Plugin.__new__(limits.Plugin)
    plugin.update_connection_config(
        SimpleNamespace(path=str(tmp_path / "not yet" / "council.duckdb")), config
    )
    return config


def in_force(config):
    with duckdb.connect(config=config) as connection:
        return connection.execute(
            "select current_setting('memory_limit'), current_setting('max_temp_directory_size')"
        ).fetchone()


def test_a_limit_that_is_given_is_in_force(tmp_path):
    config = config_of(tmp_path, memory_limit="2GiB", max_temp_directory_size="3 GiB")
    assert in_force(config) == ("2.0 GiB", "3.0 GiB")


def test_without_settings_it_is_a_share_of_the_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _: SimpleNamespace(free=10 * 1024**3))
    config = config_of(tmp_path)
    assert config["max_temp_directory_size"] == f"{5 * 1024**2}KiB"
    assert in_force(config)[1] == "5.0 GiB"
    assert config["memory_limit"] == limits.default_memory()


@pytest.mark.parametrize("enough", [10**6, 10**15])
def test_memory_is_what_is_enough_or_half_of_a_smaller_machine(monkeypatch, enough):
    monkeypatch.setattr(limits, "ENOUGH", enough)
    number, unit = in_force({"memory_limit": "50%"})[0].split()
    half = float(number) * limits.UNITS[unit]
    assert limits.default_memory() == f"{int(min(half, enough) // 1000**2)}MB"


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("memory_limit", "lots"),
        ("memory_limit", "2"),
        ("memory_limit", "0%"),
        ("memory_limit", "-1GB"),
        ("memory_limit", "500%"),
        ("max_temp_directory_size", "50%"),
        ("max_temp_directory_size", "10 G"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, setting, given):
    name = {"max_temp_directory_size": "temp_limit"}.get(setting, setting)
    with pytest.raises(DbtRuntimeError, match=f"{name} is '{given}': write a size, such as 2GB"):
        config_of(tmp_path, **{setting: given})
