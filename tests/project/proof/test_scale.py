"""The bench of a region says what it saw: growth, caps, failures."""

import importlib.util
import sys

import pytest
from conftest import PROJECT

_SPEC = importlib.util.spec_from_file_location("scale", PROJECT / "benchmarks" / "scale.py")
scale = importlib.util.module_from_spec(_SPEC)
sys.modules["scale"] = scale
_SPEC.loader.exec_module(scale)


def run(rows: int, **given) -> scale.Run:
    facts = {"cap": 4.0, "wall": 100.0, "cpu": 100.0, "peak": 1, "spilled": 0, "database": 1, "exit_code": 0}
    return scale.Run(rows, **facts | given)


@pytest.mark.parametrize(("seconds", "power"), [(40, 1.0), (160, 2.0), (10, 0.0)])
def test_growth_is_the_power_of_the_rows(seconds, power):
    assert scale.growth(10, seconds, 1_000_000, 4_000_000) == pytest.approx(power)


def test_models_that_grow_faster_than_the_rows_are_named():
    small = run(1_000_000, models={"a": 2.0, "b": 2.0, "c": 0.1})
    large = run(4_000_000, cpu=400.0, models={"a": 8.0, "b": 32.0, "c": 1.5})
    first, *named = scale.said_of_growth(small, large)
    assert "CPU seconds 1.00" in first
    assert [line.split(":")[1].split()[0] for line in named] == ["b"]


def test_a_run_beyond_its_cap_has_failed_whatever_it_says():
    assert run(1, peak=4 * scale.GB).verdict == ""
    assert run(1, peak=4 * scale.GB + 1).verdict == "OVER ITS CAP"
    assert run(1, exit_code=2).verdict == "EXIT 2"
    assert "OVER ITS CAP" in scale.told(run(1, peak=5 * scale.GB))
