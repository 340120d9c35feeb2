"""The bench of a region says what it saw: growth, caps, failures."""

import importlib.util
import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import PROJECT

_SPEC = importlib.util.spec_from_file_location("scale", PROJECT / "benchmarks" / "scale.py")
scale = importlib.util.module_from_spec(_SPEC)
sys.modules["scale"] = scale
_SPEC.loader.exec_module(scale)


def run(rows: int, **given) -> scale.Run:
    facts = {"cap": 4.0, "wall": 100.0, "cpu": 100.0, "peak": 1, "spilled": 0, "database": 1, "exit_code": 0}
    return scale.Run("database", rows, **facts | given)


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


def test_processes_of_a_run_are_looked_at_together(tmp_path):
    """A process that the run starts and does not wait for counts with its memory."""
    (tmp_path / "results" / ".work" / "spark").mkdir(parents=True)
    (tmp_path / "results" / ".work" / "spark" / "shuffle").write_bytes(b"0" * 1000)
    child = "x = bytearray(60_000_000); import time; time.sleep(60)"
    started = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{child}'])"],
        start_new_session=True,
    )
    try:
        looked = scale.Looked({started.pid}, tmp_path)
        for _ in range(200):
            looked.again()
            if looked.highest[0] > 60_000_000:
                break
            time.sleep(0.1)
        assert looked.highest[0] > 60_000_000 and looked.spilled == 1000
        assert looked.seconds_of_java(started.pid) == 0.0
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
