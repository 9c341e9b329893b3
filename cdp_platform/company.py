"""One company: a folder of YAML, read and checked as a whole."""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml
from pydantic import Field, ValidationError

from cdp_platform.customers.config import CustomersConfig
from cdp_platform.destinations.config import DestinationsConfig
from cdp_platform.identity.config import IdentityConfig
from cdp_platform.privacy.config import PrivacyConfig
from cdp_platform.quality.config import QualityConfig
from cdp_platform.scores.config import ScoresConfig
from cdp_platform.segments.config import SegmentsConfig
from cdp_platform.shared import yaml_file
from cdp_platform.shared.config import Config, Problem
from cdp_platform.shared.mistakes import ConfigMistakes, Mistake, from_problem, from_validation, nearest
from cdp_platform.shared.salvage import Part, is_hearsay, usable
from cdp_platform.sources.config import SourcesConfig

DEMO = Path(__file__).parent / "defs"
ATTRIBUTES: yaml_file.Place = ("attributes",)


class Settings(Config):
    """company.yaml: what holds in every room."""

    name: str = Field(description="The company's name, shown in titles and alerts.")
    files: str = Field(
        default=".",
        description="Folder that relative paths of sources start from; relative to the company's folder. "
        "`${NAME:-default}` takes an environment variable.",
    )
    as_of: date | None = Field(
        default=None,
        description="The day that counts as today for scores and segments: a fixed one for a closed data set, "
        "else the day of the run. Overridden by CDP_AS_OF.",
    )
    country: str = Field(
        default="GB", pattern=r"^[A-Z]{2}$", description="Home country: region of phones without a prefix."
    )
    currency: str = Field(default="GBP", pattern=r"^[A-Z]{3}$", description="Currency of amounts that carry none.")
    owner: str = Field(
        default="team:data",
        pattern=r"^(team:[\w-]+|[^@\s]+@[^@\s]+)$",
        description="Owner of every asset, shown in Dagster: `team:data` or an e-mail address.",
    )
    schedule: str = Field(default="0 4 * * *", description="When the daily run starts (cron, in `timezone`).")
    timezone: str = Field(default="UTC", description="Time zone of the schedule.")


@dataclass(frozen=True)
class Company:
    """All configuration of one company."""

    folder: Path
    settings: Settings
    sources: SourcesConfig
    identity: IdentityConfig
    customers: CustomersConfig
    scores: ScoresConfig
    segments: SegmentsConfig
    destinations: DestinationsConfig
    privacy: PrivacyConfig
    quality: QualityConfig

    @property
    def files(self) -> Path:
        """The folder that relative source paths start from."""
        return (self.folder / _with_environment(self.settings.files)).resolve()

    def as_of(self) -> date:
        """The day that counts as today."""
        if said := os.environ.get("CDP_AS_OF"):
            return date.fromisoformat(said)
        return self.settings.as_of or date.today()  # noqa: DTZ011 the operator's own day


class RoomFile(NamedTuple):
    """How one room is configured."""

    component: str
    config: type[Config]
    problems: Callable[[Any, Company], Iterable[Problem]] | None = None


def rooms() -> dict[str, RoomFile]:
    """Every room that a user configures: folder name, component name, model, cross-room check."""
    from cdp_platform.customers import config as customers
    from cdp_platform.destinations import config as destinations
    from cdp_platform.identity import config as identity
    from cdp_platform.quality import config as quality
    from cdp_platform.segments import config as segments
    from cdp_platform.sources import config as sources

    return {
        "sources": RoomFile("Sources", SourcesConfig, sources.problems),
        "identity": RoomFile("Identity", IdentityConfig, identity.problems),
        "customers": RoomFile("Customers", CustomersConfig, customers.problems),
        "scores": RoomFile("Scores", ScoresConfig),
        "segments": RoomFile("Segments", SegmentsConfig, segments.problems),
        "destinations": RoomFile("Destinations", DestinationsConfig, destinations.problems),
        "privacy": RoomFile("Privacy", PrivacyConfig),
        "quality": RoomFile("Quality", QualityConfig, quality.problems),
    }


def company_folder(folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder named by the argument, by CDP_DEFS, or the demo company's."""
    return Path(folder or os.environ.get("CDP_DEFS") or DEMO).resolve()


@cache
def load_company(folder: Path) -> Company:
    """Read and check a company. Raises ConfigMistakes with every mistake of every file."""
    mistakes: list[Mistake] = []
    if not folder.is_dir():
        raise ConfigMistakes([Mistake(folder, 1, "folder", "there is no such folder.")])
    settings = _read_settings(folder, mistakes)
    known = rooms()
    for stray in sorted(folder.iterdir()):
        if stray.name not in known and (stray / "defs.yaml").exists():
            meant = nearest(stray.name, list(known))
            mistakes.append(Mistake(stray, 1, "folder", "is not a room.", tuple(known), meant))
    read = {name: _read_room(folder / name / "defs.yaml", room, mistakes) for name, room in known.items()}
    company = Company(folder=folder, settings=settings, **cast("Any", {n: r.part.config for n, r in read.items()}))
    broken = [each.text for each in read.values() if each.text is not None]
    for name, room in known.items():
        part, source, _ = read[name]
        if room.problems and source is not None:
            found = [p for p in room.problems(part.config, company) if not is_hearsay(p, broken)]
            mistakes += [from_problem(part.in_file(p), source, ATTRIBUTES) for p in found]
    if mistakes:
        raise ConfigMistakes(mistakes)
    return company


def _with_environment(text: str) -> str:
    """Replace `${NAME}` and `${NAME:-default}`; a path from the environment starts where the user stands."""
    return re.sub(
        r"\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}",
        lambda found: str(Path(os.environ[found[1]]).resolve()) if os.environ.get(found[1]) else found[2] or "",
        text,
    )


def _read_settings(folder: Path, mistakes: list[Mistake]) -> Settings:
    source = _parse(folder / "company.yaml", mistakes)
    if source is not None:
        try:
            return Settings.model_validate(source.content or {})
        except ValidationError as error:
            mistakes += from_validation(error, Settings, source, ())
    return Settings(name=folder.name)


class _RoomRead(NamedTuple):
    part: Part
    source: yaml_file.YamlFile | None
    text: str | None
    """Text of a file with mistakes."""


def _read_room(file: Path, room: RoomFile, mistakes: list[Mistake]) -> _RoomRead:
    if not file.exists():
        return _RoomRead(Part(room.config(), {}), None, None)
    before = len(mistakes)
    source = _parse(file, mistakes)
    if source is None:
        return _RoomRead(Part(room.config(), {}), None, file.read_text(encoding="utf-8", errors="replace"))
    expected = f"cdp_platform.components.{room.component}"
    content = source.content if isinstance(source.content, dict) else {}
    if content.get("type") != expected:
        mistakes.append(
            Mistake(file, source.line(("type",)), "type", f"must be {expected} in this folder.", (expected,))
        )
    for key in content.keys() - {"type", "attributes"}:
        meant = nearest(key, ("type", "attributes"))
        mistakes.append(
            Mistake(file, source.line((str(key),)), str(key), "unknown key.", ("type", "attributes"), meant)
        )
    part = _validate(room, content.get("attributes") or {}, source, mistakes)
    return _RoomRead(part, source, file.read_text(encoding="utf-8") if len(mistakes) > before else None)


def _validate(room: RoomFile, attributes: Any, source: yaml_file.YamlFile, mistakes: list[Mistake]) -> Part:
    try:
        return Part(room.config.model_validate(attributes), {})
    except ValidationError as error:
        mistakes += from_validation(error, room.config, source, ATTRIBUTES)
        return usable(room.config, attributes, error)


def _parse(file: Path, mistakes: list[Mistake]) -> yaml_file.YamlFile | None:
    if not file.exists():
        mistakes.append(Mistake(file, 1, "file", "is missing."))
        return None
    try:
        source = yaml_file.read(file)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistakes.append(Mistake(file, line, "file", f"is not valid YAML: {error.problem}."))
        return None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mistakes.append(Mistake(file, 1, "file", f"is not text that YAML allows: {getattr(error, 'reason', error)}."))
        return None
    for place in source.duplicates:
        mistakes.append(Mistake(file, source.line(place), ".".join(map(str, place)), "key stands here twice."))
    return source
