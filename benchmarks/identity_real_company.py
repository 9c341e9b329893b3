"""Identity on the real company against its truth: pairwise and B-cubed scores, and customers that mix people.

python benchmarks/identity_real_company.py --home DIR, after `cdp run --defs tests/companies/real_company --home DIR`.
The truth is read here and nowhere else. REAL_COMPANY_DIR says where the company's files are.
"""

import argparse
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from duckdb import DuckDBPyConnection

from cdp_platform.identity.evaluate import evaluate
from cdp_platform.shared.home import PROJECT, Home, home
from cdp_platform.shared.warehouse import engine

COMPANY = Path(os.environ.get("REAL_COMPANY_DIR") or PROJECT.parent / "shared" / "data" / "real_company")
AIM = 0.90


@contextmanager
def customer_ids(place: Home) -> Generator[DuckDBPyConnection]:
    """The published snapshot, or the warehouse of a home that has not published yet."""
    with engine.read(place) if place.published.exists() else engine.connect(place) as con:
        yield con


def main() -> int:
    parser = argparse.ArgumentParser(description="Identity on the real company against its truth.")
    parser.add_argument("--home", help="the home that holds identity.customer_ids; default CDP_HOME or data")
    place = home(parser.parse_args().home)
    truth = COMPANY / "truth" / "records.csv"
    if not truth.exists():
        print(f"no truth in {truth}: set REAL_COMPANY_DIR", file=sys.stderr)
        return 2
    with customer_ids(place) as con:
        scores = evaluate(
            con,
            "select source || ':' || record_id as id, customer_id as grouped from identity.customer_ids",
            f"""select source || ':' || record_id as id, person_id as person
                from read_csv('{truth}', all_varchar = true)""",
        )
    print(
        f"records {scores.records:,}, people {scores.people:,}, customers {scores.groups:,}, largest {scores.largest}"
    )
    print(f"pairwise  precision {scores.precision:.4f}  recall {scores.recall:.4f}  F1 {scores.f1:.4f}")
    print(
        f"B-cubed   precision {scores.bcubed_precision:.4f}  recall {scores.bcubed_recall:.4f}  "
        f"F1 {scores.bcubed_f1:.4f}  (aim {AIM:.2f})"
    )
    print(f"customers that mix people: {scores.mixed}")
    return 0 if scores.bcubed_f1 >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
