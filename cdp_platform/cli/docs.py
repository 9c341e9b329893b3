"""`cdp docs`: the configuration reference and the data contracts, written from the code that enforces them."""

import types
from collections.abc import Iterable, Iterator
from typing import Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cdp_platform.clean import contract as clean
from cdp_platform.cli.place import console
from cdp_platform.company import Settings, rooms
from cdp_platform.identity import contract as identity
from cdp_platform.scores import contract as scores
from cdp_platform.segments import contract as segments
from cdp_platform.shared.home import PROJECT
from cdp_platform.shared.warehouse.table import Table

CONFIGURATION = PROJECT / "docs" / "configuration.md"
CONTRACTS = PROJECT / "docs" / "data-contracts.md"
WRITTEN = "<!-- Written by `cdp docs`; a test compares it with the code. -->\n"


def docs() -> None:
    """Write both files."""
    CONFIGURATION.write_text(configuration(), encoding="utf-8")
    CONTRACTS.write_text(contracts(), encoding="utf-8")
    console.print(f"Written: {CONFIGURATION.relative_to(PROJECT)}, {CONTRACTS.relative_to(PROJECT)}")


def configuration() -> str:
    """Every file a company may hold, every key with its type, default and meaning."""
    parts = [
        WRITTEN,
        "# Configuration reference\n",
        "A company is a folder: `company.yaml`, and one `<room>/defs.yaml` per room that needs one. Keys that are not "
        "listed here are refused; `cdp check --defs FOLDER` names every mistake with file and line.\n",
        "## company.yaml\n",
        *_model_tables([Settings], set()),
    ]
    seen: set[type[BaseModel]] = set()
    for name, room in rooms().items():
        parts.append(f"## {name}/defs.yaml\n")
        parts.append(f"```yaml\ntype: cdp_platform.components.{room.component}\nattributes: …\n```\n")
        parts.extend(_model_tables([room.config], seen))
    return "\n".join(parts)


def contracts() -> str:
    """Every table that rooms promise each other, with its columns."""
    parts = [
        WRITTEN,
        "# Data contracts\n",
        "Tables that one room makes and others, and you, may read. `cdp query` reads them from the published snapshot. "
        "Columns marked with a dot hold personal data.\n",
        "## raw\n",
        "`raw.<source>` holds the columns as read, and `_loaded_at`, `_source_file`, `_row_hash`. "
        "`raw.<source>__rejected` holds what could not be read: `file`, `line`, `text`, `reason`.\n",
    ]
    for room, tables in (("clean", clean.TABLES), ("identity", identity.TABLES)):
        parts.append(f"## {room}\n")
        parts.extend(_contract(table) for table in tables)
    parts.append("## customers\n")
    parts.extend(_dbt_contracts())
    for room, tables in (("scores", scores.TABLES), ("segments", segments.TABLES)):
        parts.append(f"## {room}\n")
        parts.extend(_contract(table) for table in tables)
    return "\n".join(parts)


def _contract(table: Table) -> str:
    key = f" Key: {', '.join(f'`{k}`' for k in table.key)}." if table.key else ""
    rows = [f"| `{c}` | {'•' if c in table.personal else ''} | {about} |" for c, about in table.columns.items()]
    return "\n".join(
        [f"### {table.name}\n", f"{table.about}{key}\n", "| column | | what |", "|---|---|---|", *rows, ""]
    )


def _dbt_contracts() -> Iterator[str]:
    for file in sorted((PROJECT / "dbt" / "models" / "customers").glob("*.yml")):
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", []):
            columns = model.get("columns", [])
            rows = [
                f"| `{c['name']}` | {'•' if _personal(c) else ''} | {' '.join(c.get('description', '').split())} |"
                for c in columns
            ]
            about = " ".join(model.get("description", "").split())
            name = f"### customers.{model['name']}\n"
            yield "\n".join([name, f"{about}\n", "| column | | what |", "|---|---|---|", *rows, ""])


def _personal(column: dict[str, Any]) -> bool:
    meta = column.get("meta") or column.get("config", {}).get("meta") or {}
    return bool(meta.get("personal"))


def _model_tables(models: Iterable[type[BaseModel]], seen: set[type[BaseModel]]) -> Iterator[str]:
    """A table per model, then those of the models it uses; each model once."""
    for model in models:
        if model in seen:
            continue
        seen.add(model)
        about = " ".join((model.__doc__ or "").split()).replace("|", "\\|")
        rows = [_row(name, field) for name, field in model.model_fields.items()]
        title = f"### {model.__name__}\n"
        yield "\n".join([title, f"{about}\n", "| key | type | default | what |", "|---|---|---|---|", *rows, ""])
        inner = [m for field in model.model_fields.values() for m in _models_in(field.annotation)]
        yield from _model_tables(inner, seen)


def _row(name: str, field: FieldInfo) -> str:
    if field.is_required():
        default = "required"
    else:
        value = field.get_default(call_default_factory=True)
        default = "" if value is None or isinstance(value, BaseModel) else f"`{value}`"
    kind = _type(field.annotation).replace("|", "\\|")
    about = (field.description or "").replace("|", "\\|")
    return f"| `{field.alias or name}` | {kind} | {default} | {about} |"


def _type(annotation: Any) -> str:
    if hasattr(annotation, "__metadata__"):
        return _type(annotation.__origin__)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{a}`" for a in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(a) for a in arguments if a is not type(None)))
    if origin in (list, tuple, set, frozenset):
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"map of name to {_type(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {"str": "text", "int": "number", "float": "number", "bool": "true/false"}.get(
        getattr(annotation, "__name__", ""), getattr(annotation, "__name__", str(annotation))
    )


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if hasattr(annotation, "__metadata__"):
        yield from _models_in(annotation.__origin__)
    elif get_args(annotation):
        for argument in get_args(annotation):
            yield from _models_in(argument)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
