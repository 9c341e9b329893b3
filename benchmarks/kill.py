"""`kill -9` at random moments: does the next run end with the same tables, and did readers ever see half a snapshot?

    python -m benchmarks.kill [--defs tests/companies/real_company] [--kills 20] [--seed 1]

One home is built undisturbed. In another, every run is killed with all that it started, and the next one goes on from
there; a run that ends before its moment comes is compared, and a new home begins. Half of the moments are spread
over the seconds of a cold run; the other half come just after the end of a random step, since the clock alone would
hardly hit short steps such as publishing and the syncs.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.homes import Ended, Run, contents, differing, left_open, served
from cdp_platform.shared.home import Home, home


class Moment(NamedTuple):
    """When to kill: so many seconds after so many steps have ended."""

    steps: int
    seconds: float


class Killed(NamedTuple):
    """What came of it."""

    kills: int
    homes: int
    """Homes that were finished and compared."""
    compared: int
    """Tables, files and states per home."""
    differing: list[str]
    served: int
    """Kills after which a reader found a snapshot, always a whole one."""
    last: Ended
    """The run after the last kill."""
    open_runs: int
    slots: int


def moments(reference: Ended, seed: int) -> Iterator[Moment]:
    """Random moments without end."""
    chance = random.Random(seed)
    while True:
        yield Moment(0, chance.uniform(0, reference.seconds))
        yield Moment(chance.randint(1, len(reference.steps)), chance.uniform(0, 0.5))


def undisturbed(defs: str | Path, place: Home) -> Ended:
    """A run that nobody kills. Exits when it fails."""
    ended = Run(defs, place).result()
    if ended.exit_code:
        sys.exit(f"{ended.output}\n\na run that nobody killed ended with {ended.exit_code}")
    return ended


def killed(run: Run, moment: Moment) -> bool:
    """Kill a run at its moment. False when it ended before."""
    while len(run.steps) < moment.steps:
        if run.ended(0.02):
            return False
    if run.ended(moment.seconds):
        return False
    run.kill()
    return True


def kill_and_go_on(defs: str | Path, folder: Path, kills: int, seed: int) -> Killed:
    """Kill so many runs in homes below a folder, and compare every home that was finished with an undisturbed one."""
    reference = home(folder / "undisturbed")
    cold = undisturbed(defs, reference)
    print(f"{'undisturbed run':<28} {cold.seconds:6.1f} s, {len(cold.steps)} steps", flush=True)
    expected = contents(reference)
    place = home(folder / "killed")
    aims = moments(cold, seed)
    wrong: set[str] = set()
    done = homes = seen = 0
    while True:
        run = Run(defs, place)
        if done < kills and killed(run, next(aims)):
            done += 1
            ended = run.result()
            snapshot = served(place)
            seen += snapshot is not None
            last = ended.steps[-1][0] if ended.steps else "the start"
            print(f"  kill {done:>2} at {ended.seconds:5.1f} s, after {last}: readers see {snapshot or 'nothing yet'}",
                  flush=True)  # fmt: skip
            continue
        ended = run.result(within=4 * cold.seconds + 60)
        if ended.exit_code:
            sys.exit(f"{ended.output}\n\nthe run after kill {done} ended with {ended.exit_code}")
        homes += 1
        found = differing(expected, contents(place))
        wrong.update(found)
        print(f"  home {homes} finished in {ended.seconds:.1f} s: {len(found)} of {len(expected)} differ", flush=True)
        served(place)
        open_runs, slots = left_open(place)
        if done == kills or open_runs or slots:
            return Killed(done, homes, len(expected), sorted(wrong), seen, ended, open_runs, slots)
        shutil.rmtree(place.folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--defs", default="tests/companies/real_company")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        result = kill_and_go_on(arguments.defs, Path(scratch), arguments.kills, arguments.seed)
    print(f"{'kills':<28} {result.kills}, over {result.homes} homes")
    print(f"{'snapshots that readers saw':<28} {result.served}, all whole")
    print(f"{'tables, files and states':<28} {result.compared} compared, {len(result.differing)} differ (bar 0)")
    print(f"{'run after the last kill':<28} {result.last.seconds:.1f} s, exit code {result.last.exit_code}")
    print(f"{'left open in Dagster':<28} {result.open_runs} runs, {result.slots} pool slots (bar 0)")
    print(f"{'altogether':<28} {time.perf_counter() - start:.0f} s")
    for name in result.differing:
        print(f"  differs: {name}")
    sys.exit(bool(result.differing or result.open_runs or result.slots))


if __name__ == "__main__":
    main()
