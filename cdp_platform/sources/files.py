"""Which files a source has now, found without opening the warehouse."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from cdp_platform.company import Company
from cdp_platform.shared.warehouse.build import fingerprint
from cdp_platform.sources.config import FileSource

MAGIC = "*?["


class File(NamedTuple):
    """One file as the file system shows it."""

    name: str
    """Path relative to the company's `files` folder, with slashes."""
    path: Path
    size: int
    modified: int
    """Time of the last change in nanoseconds."""


def find(company: Company, source: FileSource) -> list[File]:
    """All files of a source, by name. Names that start with a dot are uploads under way and left out."""
    return [_look(company, path) for path in sorted(_matches(company, source)) if path.is_file()]


def current(company: Company, source: FileSource) -> list[File]:
    """The files that count: all of them where files add up, the last by name where each is the whole export."""
    found = find(company, source)
    return found[-1:] if source.is_whole() else found


def pattern(company: Company, source: FileSource) -> str:
    """Where the files of a source are looked for."""
    return str(company.files / source.path)


def state(files: list[File]) -> str:
    """A hash of names, sizes and times."""
    return fingerprint(*(f"{file.name} {file.size} {file.modified}" for file in files))


def files_fingerprint(company: Company) -> dict[str, str]:
    """For every source of files a hash that changes when a file comes, goes or changes: for a sensor to watch."""
    return {s.name: state(current(company, s)) for s in company.sources.sources if isinstance(s, FileSource)}


def content_fingerprint(path: Path) -> str:
    """A hash of a file's bytes (1 GB: about 1 s)."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as opened:
        while block := opened.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _matches(company: Company, source: FileSource) -> list[Path]:
    full = company.files / source.path
    if not any(sign in source.path for sign in MAGIC):
        return [full]
    wanted = full.relative_to(full.anchor)
    fixed = Path(full.anchor)
    while wanted.parts and not any(sign in wanted.parts[0] for sign in MAGIC):
        fixed, wanted = fixed / wanted.parts[0], Path(*wanted.parts[1:])
    return [path for path in fixed.glob(str(wanted)) if not path.name.startswith(".")]


def _look(company: Company, path: Path) -> File:
    stat = path.stat()
    name = path.relative_to(company.files) if path.is_relative_to(company.files) else path
    return File(name.as_posix(), path, stat.st_size, stat.st_mtime_ns)
