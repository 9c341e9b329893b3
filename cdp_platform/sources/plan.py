"""What a load has to read, from what lies outside and what is remembered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import duckdb

from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import exists, fingerprint, room_code
from cdp_platform.sources.config import FileSource, HttpSource, Source, SqlSource
from cdp_platform.sources.connectors.base import UnreadableError, Wanted
from cdp_platform.sources.cursor import step_back
from cdp_platform.sources.files import MAGIC, File, content_fingerprint, current, pattern, state
from cdp_platform.sources.ledger import NOTHING, Memory
from cdp_platform.sources.uses import updated_at

SHAPELESS = {
    "about", "means", "personal", "late_after_hours", "reread", "retries", "timeout_seconds", "requests_per_second",
    "token_env", "header", "scheme",
}  # fmt: skip
"""What a user may change about a source without it being another one."""


class NoFilesError(UnreadableError):
    """No file is where the source says."""


@dataclass(frozen=True)
class Plan:
    """What one load reads and what it replaces."""

    wanted: Wanted
    scope: Literal["all", "files", "keys"]
    nothing: bool = False
    """Nothing has to be read."""
    forget: bool = False
    """The source is configured anew: what is remembered of it is of no use."""
    touched: Sequence[File] = ()
    """Files with a new time and the old content."""
    unchanged: int = 0
    """Files that need not be read."""
    gone: Sequence[str] = ()
    """Files whose rows stay although they are gone."""
    dropped: Sequence[str] = ()
    """Files whose rows go."""
    state: str = ""
    """A hash of the files as the file system shows them."""


def shaped_by(source: Source) -> str:
    """A hash of the configuration that makes a source what it is."""
    return fingerprint(source.model_dump_json(exclude=SHAPELESS))


def read_by(source: Source) -> str:
    """A hash of what else decides which rows come out.

    New code, and a new DuckDB with perhaps another hash function, read files again; asking an API again is too dear.
    """
    code = room_code("sources") + duckdb.__version__ if isinstance(source, FileSource) else ""
    return fingerprint(str(updated_at(source)), code)


def make(step: Step, source: Source, memory: Memory) -> Plan:
    """Plan a load. Raises NoFilesError."""
    forget = memory.shaped_by is not None and memory.shaped_by != shaped_by(source)
    if forget:
        memory = NOTHING
    anew = step.full or memory.read_by != read_by(source) or not exists(step.con, f"raw.{source.name}")
    plan = _of_files(step, source, memory, anew) if isinstance(source, FileSource) else _of_rows(source, memory, anew)
    types = {name: shape.type for name, shape in memory.columns.items() if shape.position is not None}
    return replace(plan, forget=forget, wanted=replace(plan.wanted, types=types))


def _of_rows(source: Source, memory: Memory, anew: bool) -> Plan:
    since = None if anew else memory.cursor
    if since is not None and isinstance(source, SqlSource | HttpSource):
        return Plan(Wanted(since=step_back(since, source.reread)), "keys")
    return Plan(Wanted(), "all")


def _of_files(step: Step, source: FileSource, memory: Memory, anew: bool) -> Plan:
    files = current(step.company, source)
    if not files:
        place = pattern(step.company, source)
        what = "no file matches" if any(sign in source.path for sign in MAGIC) else "there is no file"
        raise NoFilesError(f"{source.name}: {what} {place} (`files` in company.yaml is {step.company.files}).")
    new = [file for file in files if file.name not in memory.files]
    altered = [f for f in files if f.name in memory.files and (f.size, f.modified) != memory.files[f.name][:2]]
    touched = [
        f for f in altered if f.size == memory.files[f.name].size
        and content_fingerprint(f.path) == memory.files[f.name].fingerprint
    ]  # fmt: skip
    changed = [file for file in altered if file not in touched]
    missing = sorted(memory.files.keys() - {file.name for file in files})
    gone, dropped = ([], missing) if source.is_whole() else (missing, [])
    read = sorted([*new, *changed])
    unchanged = len(files) - len(read)
    now = state(files)
    if not read and not anew:
        return Plan(Wanted(), "files", nothing=True, touched=touched, unchanged=unchanged, gone=gone, state=now)
    # A file between others, or one that changed, may bring back rows that a later file had superseded.
    out_of_order = source.key and (changed or any(file.name < max(memory.files, default="") for file in new))
    if anew or source.is_whole() or out_of_order:
        return Plan(Wanted(files), "all", gone=gone, dropped=dropped, state=now)
    scope = "keys" if source.key else "files"
    return Plan(Wanted(read), scope, touched=touched, unchanged=unchanged, gone=gone, state=now)
