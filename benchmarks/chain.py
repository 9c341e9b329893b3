"""The whole chain of a company: seconds, peak memory and the share that is orchestration.

    python benchmarks/chain.py [--defs tests/companies/real_company] [--cold 120] [--again 20]

Runs `cdp run` cold and then again with nothing new, in a home of its own. Work is the time inside steps as the run
itself prints it; the rest (imports, definitions, Dagster's events, dbt's start) is orchestration.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

STEP = re.compile(r"^  (\S+)(?: and \d+ more)?: (?:([\d.]+) s|(unchanged|failed))")


class Run(NamedTuple):
    seconds: float
    megabytes: float
    work: dict[str, float]
    unchanged: int


def cdp_run(defs: str, home: str, *options: str) -> Run:
    """One run as its own process; raises when it fails."""
    command = [str(Path(sys.executable).with_name("cdp")), "run", "--defs", defs, "--home", home, *options]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    steps = [found for line in done.stdout.splitlines() if (found := STEP.match(line))]
    work = {s[1]: float(s[2]) for s in steps if s[2]}
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Run(seconds, peak, work, sum(s[3] == "unchanged" for s in steps))


def report(name: str, run: Run, bar: float) -> None:
    work = sum(run.work.values())
    print(f"{name:<22} {run.seconds:6.1f} s (bar {bar:g} s)   peak {run.megabytes:,.0f} MB   "
          f"work {work:.1f} s, orchestration {100 * (1 - work / run.seconds):.0f} %   "
          f"{len(run.work)} steps built, {run.unchanged} unchanged")  # fmt: skip
    for step, seconds in sorted(run.work.items(), key=lambda item: -item[1])[:8]:
        print(f"    {seconds:6.1f} s  {step}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--defs", default="tests/companies/real_company")
    parser.add_argument("--home", help="keep the home here instead of a temporary folder")
    parser.add_argument("--cold", type=float, default=120, help="bar in seconds")
    parser.add_argument("--again", type=float, default=20, help="bar in seconds")
    arguments = parser.parse_args()
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    with tempfile.TemporaryDirectory() as scratch:
        home = arguments.home or scratch
        report("cold", cdp_run(arguments.defs, home), arguments.cold)
        report("again, nothing new", cdp_run(arguments.defs, home), arguments.again)


if __name__ == "__main__":
    main()
