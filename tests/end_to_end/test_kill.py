"""Killed with SIGKILL at random moments, the whole chain of the demo company ends as if nothing had happened."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.kill import kill_and_go_on
from cdp_platform.company import DEMO
from cdp_platform.shared.home import PROJECT

KILLS = 3


@pytest.fixture
def few_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo company with 400 people instead of 8,000."""
    files = tmp_path / "files"
    script = PROJECT / "data/demo/generate.py"
    subprocess.run(
        [sys.executable, str(script), "--out", str(files), "--customers", "400"], check=True, capture_output=True
    )
    monkeypatch.setenv("CDP_DEMO_DIR", str(files))


@pytest.mark.usefixtures("few_people")
def test_a_killed_run_leaves_no_trace(tmp_path: Path) -> None:
    result = kill_and_go_on(DEMO, tmp_path / "homes", KILLS, seed=2)

    assert result.kills == KILLS
    assert result.differing == []
    assert result.compared > 100, "tables, published tables, files and states"
    assert result.last.exit_code == 0
    assert (result.open_runs, result.slots) == (0, 0)
