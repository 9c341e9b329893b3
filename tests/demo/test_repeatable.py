"""The same seed gives the same files."""

import hashlib
from pathlib import Path

from tests.demo.conftest import generate


def digests(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_people(tmp_path: Path):
    first = digests(generate(tmp_path / "a", "--customers", "300", "--seed", "3"))
    again = digests(generate(tmp_path / "b", "--customers", "300", "--seed", "3"))
    other = digests(generate(tmp_path / "b", "--customers", "300", "--seed", "4"))  # over the older files

    assert first == again
    assert len(first) > 100  # 25 months of two systems, 60 days of events, the rest
    assert other.keys() == first.keys()
    assert not {name for name in first if first[name] == other[name]}


def test_the_files_fit_into_a_download(demo: Path):
    size = sum(file.stat().st_size for file in demo.rglob("*") if file.is_file())

    assert 5_000_000 < size < 15_000_000
