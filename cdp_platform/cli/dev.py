"""`cdp dev`."""

import os
import sys
from pathlib import Path

from cdp_platform.cli.place import place
from cdp_platform.shared.dagster.instance import close_dead_runs, instance, write_config
from cdp_platform.shared.home import PROJECT


def dev(defs: Path | None, folder: Path | None, port: int) -> None:
    """Become `dg dev` on this home; never returns."""
    found = place(defs, folder)
    if found is None:
        raise SystemExit(2)
    _, here = found
    os.environ["DAGSTER_HOME"] = str(write_config(here))
    with instance(here) as own:
        close_dead_runs(own, here)
    program = str(Path(sys.executable).with_name("dg"))
    os.environ["VIRTUAL_ENV"] = sys.prefix  # dg warns when it does not see the environment that it runs in
    os.chdir(PROJECT)
    os.execv(program, [program, "dev", "--host", "127.0.0.1", "--port", str(port)])
