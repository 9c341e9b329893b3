"""Killed with SIGKILL, the whole chain of the demo company ends as if nothing had happened."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.homes import Run, left_open
from benchmarks.kill import kill_and_go_on
from cdp_platform.company import DEMO
from cdp_platform.shared.home import PROJECT, home

KILLS = 3
DIES_WITH_A_SLOT = """
import os, signal
from pathlib import Path
from cdp_platform.cli.run import run
from cdp_platform.shared.dagster import tables

tables.hold = lambda home, run_id: os.kill(os.getpid(), signal.SIGKILL)  # at the start of the first step
run(None, Path(os.environ["CDP_HOME"]), "raw/crm", full=False)
"""


@pytest.fixture(autouse=True)
def few_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo company with 300 people instead of 8,000."""
    files = tmp_path / "files"
    script = PROJECT / "data/demo/generate.py"
    subprocess.run(
        [sys.executable, str(script), "--out", str(files), "--customers", "300"], check=True, capture_output=True
    )
    monkeypatch.setenv("CDP_DEMO_DIR", str(files))


def test_a_killed_run_leaves_no_trace(tmp_path: Path) -> None:
    result = kill_and_go_on(DEMO, tmp_path / "homes", KILLS, seed=2)

    assert result.kills == KILLS
    assert result.differing == []
    assert result.compared > 100, "tables, published tables, files and states"
    assert result.last.exit_code == 0
    assert (result.open_runs, result.slots) == (0, 0)


def test_a_run_that_was_killed_before_its_first_step_gives_its_slot_back(tmp_path: Path) -> None:
    place = home(tmp_path / "home").create()
    environment = {**os.environ, "CDP_HOME": str(place.folder)}
    died = subprocess.run(
        [sys.executable, "-c", DIES_WITH_A_SLOT], env=environment, cwd=PROJECT, capture_output=True, check=False
    )
    assert died.returncode == -9
    assert left_open(place) == (1, 1)

    ended = Run(DEMO, place, {}, "--select", "raw/crm").result(within=60)

    assert ended.exit_code == 0
    assert left_open(place) == (0, 0)
