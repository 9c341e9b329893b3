"""The small demo company, generated and run once for all tests of a session."""

import fcntl
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cdp_platform.shared.home import PROJECT, Home
from tests.end_to_end.command import Demo, run_demo

CUSTOMERS = 600
"""People of the small demo: a run takes half as long as that of the 8,000 whom a new user sees."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """The demo company after its first run. For reading only: tests that run it again take `copy_of_demo`."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demo"
    folder.mkdir(exist_ok=True)
    kept = folder / "run.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the workers of pytest-xdist share one run
        if not kept.exists():
            generate(folder / "files")
            kept.write_bytes(pickle.dumps(run_demo(folder / "files", Home(folder / "home"))))
    return pickle.loads(kept.read_bytes())


@pytest.fixture(scope="module")
def copy_of_demo(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Demo]:
    """Makes another home and another set of files that stand where the first run ended."""

    def copy() -> Demo:
        folder = tmp_path_factory.mktemp("copy")
        shutil.copytree(demo.files, folder / "files")
        shutil.copytree(demo.home.folder, folder / "home")
        return demo._replace(files=folder / "files", home=Home(folder / "home"))

    return copy


def generate(out: Path) -> None:
    """Write the demo company's exports."""
    script = PROJECT / "data" / "demo" / "generate.py"
    subprocess.run(
        [sys.executable, script, "--out", out, "--customers", str(CUSTOMERS), "--seed", "7"],
        check=True,
        capture_output=True,
    )
