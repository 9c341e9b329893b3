"""`cdp run`."""

import fcntl
import re
import time
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from cdp_platform.cli.place import console, errors, place
from cdp_platform.shared.home import Home
from cdp_platform.shared.mistakes import nearest


def run(defs: Path | None, folder: Path | None, select: str | None, *, full: bool) -> int:
    """0 when every blocking check passed, 1 when not, 2 when configuration or selection are wrong."""
    start = time.perf_counter()
    found = place(defs, folder)
    if found is None:
        return 2
    company, here = found
    warnings.filterwarnings("ignore", module="dagster")
    with console.status("Loading definitions"):
        import dagster as dg

        from cdp_platform.cli.progress import progress
        from cdp_platform.cli.summary import summary
        from cdp_platform.definitions import build
        from cdp_platform.quality.alerts import deliver
        from cdp_platform.quality.findings import collect
        from cdp_platform.quality.schedule import EVERYTHING
        from cdp_platform.shared.dagster.instance import close_dead_runs, hold, instance
        from cdp_platform.shared.dagster.tables import FULL_TAG, NOW_TAG

        definitions = build(company)
        graph = definitions.resolve_asset_graph()
        job = definitions.resolve_job_def(EVERYTHING)
    keys = sorted(graph.materializable_asset_keys)
    if select:
        try:
            # tables that one step makes together are made together
            chosen = dg.AssetSelection.from_string(in_full(select)).required_multi_asset_neighbors()
            keys = sorted(chosen.resolve(graph))
        except Exception as wrong:  # Dagster's parser raises several kinds
            errors.print(f"The selection {select!r} is not understood: {wrong}", style="red", markup=False)
            return 2
        if not keys:
            meant = nearest(select.strip("+*"), [key.to_user_string() for key in graph.materializable_asset_keys])
            hint = f" Did you mean '{meant}'?" if meant else ""
            errors.print(f"The selection {select!r} matches no table.{hint}", style="red", markup=False)
            return 2
    with one_run_at_a_time(here), instance(here) as own:
        close_dead_runs(own, here)
        run_id = str(uuid4())
        hold(here, run_id)  # killed before its first step, a run would look young and keep its slot for ever
        with progress(len({graph.get(key).assets_def.op.name for key in keys})):
            result = job.execute_in_process(
                instance=own,
                run_id=run_id,
                asset_selection=keys,
                raise_on_error=False,
                tags={
                    FULL_TAG: str(full).lower(),
                    NOW_TAG: datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
                },
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        findings = collect(own, graph, EVERYTHING)
        told = deliver(company, here, findings)
    summary(company, here, result, findings, told, time.perf_counter() - start)
    return 0 if result.success else 1


def in_full(selection: str) -> str:
    """Bare names of tables as Dagster's selection syntax has them: `+raw/crm` becomes `+key:"raw/crm"`.

    Dagster reads bare names by the rules of an older syntax, where `+` is one step and not everything before.
    """
    return re.sub(r'(?<![\w:"/*])[a-z]\w*/[\w*]+', r'key:"\g<0>"', selection)


@contextmanager
def one_run_at_a_time(here: Home) -> Generator[None]:
    """Wait for another `cdp run` on the same home; the kernel frees the lock of one that was killed."""
    with (here.folder / ".run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            with console.status(f"Another run works on {here.folder}: waiting for it"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
