import subprocess
import sys
from pathlib import Path

import pytest

from tests.demo import readers

SCRIPT = Path(__file__).parents[2] / "data/demo/generate.py"


def generate(out: Path, *options: str) -> Path:
    """Run the generator as a user does."""
    subprocess.run([sys.executable, str(SCRIPT), "--out", str(out), *options], check=True, capture_output=True)
    return out


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company's files in full size."""
    return generate(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def messages(demo: Path) -> list[readers.Row]:
    """Readable messages of all days, as delivered."""
    return [row for file in sorted(demo.glob("web/*.ndjson.gz")) for row in readers.json_rows(file)]
