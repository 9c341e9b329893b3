"""What a user may write about sources."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from cdp_platform.shared.config import Config, EnvironmentVariable, Name, Problem
from cdp_platform.sources.meanings import Means, Reference

if TYPE_CHECKING:
    from cdp_platform.company import Company


class SourceBase(Config):
    """What every kind of source has."""

    name: Name = Field(description="Becomes the table raw.<name> and the asset raw/<name>.")
    about: str = Field(default="", description="One sentence for people, shown in Dagster.")
    key: list[str] = Field(
        default=[],
        description="Columns that identify a row. Empty: rows have no key of their own (order lines), "
        "and only whole files can be loaded again.",
    )
    means: Means = Field(default=Means(), description="What the rows are.")
    personal: list[str] = Field(
        default=[],
        description="Further columns with personal data. Those with a personal meaning are known already.",
    )
    late_after_hours: int = Field(
        default=26, gt=0, le=8760, description="Alert when nothing was loaded for so many hours."
    )
    schema_version: int = Field(
        default=1,
        ge=1,
        description="Raise it to accept a change of columns that was refused: the source is then loaded anew, "
        "and what it looks like now is what is expected from then on.",
    )


class FileSource(SourceBase):
    """What every source of files has."""

    path: str = Field(description="File or glob, relative to the company's `files` folder: `shop/orders/*.parquet`.")
    whole: bool | None = Field(
        default=None,
        description="True: each file is the whole export: the last by name counts, rows that are gone were deleted. "
        "False: files add up. Left out: true for a single path, false for a glob.",
    )

    def is_whole(self) -> bool:
        """Whether the last file replaces what came before."""
        return self.whole if self.whole is not None else not any(sign in self.path for sign in "*?[")


class CsvSource(FileSource):
    """CSV files, also gzipped. Every column is read as text; types come with meaning, in `clean`."""

    kind: Literal["csv"]
    delimiter: str = Field(default=",", min_length=1, max_length=4)
    quote: str = Field(default='"', max_length=1)
    encoding: Literal["utf-8", "latin-1", "utf-16"] = "utf-8"
    header: bool = True
    columns: list[str] = Field(default=[], description="Column names when there is no header line.")

    @model_validator(mode="after")
    def _columns_have_names(self) -> Self:
        if self.header == bool(self.columns):
            raise ValueError("give columns when, and only when, header is false")
        return self


class NdjsonSource(FileSource):
    """One JSON object a line, also gzipped. Nested values stay JSON."""

    kind: Literal["ndjson"]


class ParquetSource(FileSource):
    """Parquet files."""

    kind: Literal["parquet"]


class SqlSource(SourceBase):
    """A table or query of a database that SQLAlchemy reaches."""

    kind: Literal["sql"]
    url: str | None = Field(
        default=None,
        description="SQLAlchemy URL without a password; `sqlite:///shop.sqlite` starts at the `files` folder.",
    )
    url_env: EnvironmentVariable | None = Field(
        default=None, description="Environment variable that holds the SQLAlchemy URL."
    )
    table: str | None = Field(default=None, description="Table to read, with schema where there is one.")
    query: str | None = Field(default=None, description="A SELECT to read instead of a table.")
    cursor: str | None = Field(
        default=None,
        description="Column that grows with every change. Rows above the last value are read; without it all are.",
    )
    reread: float = Field(
        default=0,
        ge=0,
        description="How far behind the last cursor value to read again for late rows: days for a time, "
        "else in the cursor's own unit.",
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("give url or url_env")
        if (self.table is None) == (self.query is None):
            raise ValueError("give table or query")
        if self.url and "@" in self.url and ":" in self.url.split("//", 1)[-1].split("@")[0]:
            raise ValueError("the url holds a password: put it into an environment variable and name that in url_env")
        if self.cursor and not self.key:
            raise ValueError("a cursor needs a key: a changed row must replace its older self")
        return self


class Pages(Config):
    """How an HTTP API hands out pages."""

    style: Literal["none", "page", "offset", "cursor", "link"] = Field(
        default="none",
        description="page: ?page=1,2,…; offset: ?offset=0,n,…; cursor: a token in the answer; link: the Link header.",
    )
    parameter: str = Field(default="page", description="Query parameter that asks for a page.")
    size_parameter: str | None = Field(default=None, description="Query parameter that sets the page size.")
    size: int = Field(default=100, gt=0, le=10_000)
    start: int = Field(default=1, ge=0, description="First page number (style page).")
    next: str | None = Field(default=None, description="Dotted path of the token in the answer (style cursor).")

    @model_validator(mode="after")
    def _cursor_has_a_path(self) -> Self:
        if self.style == "cursor" and not self.next:
            raise ValueError("style cursor needs `next`: the path of the token in the answer")
        return self


class HttpSource(SourceBase):
    """Paged JSON over HTTP."""

    kind: Literal["http"]
    url: str = Field(pattern=r"^https?://", description="Address of the first page.")
    rows: str = Field(default="", description="Dotted path of the list in the answer; empty: the answer is the list.")
    pages: Pages = Pages()
    parameters: dict[str, str] = Field(default={}, description="Fixed query parameters.")
    token_env: EnvironmentVariable | None = Field(
        default=None, description="Environment variable with the token for the header."
    )
    header: str = Field(default="Authorization", description="Header that carries the token.")
    scheme: str = Field(default="Bearer", description="Word before the token; empty for none.")
    requests_per_second: float = Field(default=5, gt=0, le=1000)
    retries: int = Field(default=5, ge=0, le=20, description="Further tries on 429, 5xx and broken connections.")
    timeout_seconds: float = Field(default=30, gt=0, le=600)
    cursor: str | None = Field(default=None, description="Column that grows with every change.")
    cursor_parameter: str | None = Field(default=None, description="Query parameter that asks for rows since a value.")
    reread: float = Field(default=0, ge=0, description="How far behind the last cursor value to ask again, in days.")

    @model_validator(mode="after")
    def _cursor_is_asked_for(self) -> Self:
        if "@" in self.url.split("//", 1)[1].split("/")[0]:
            raise ValueError("the url holds a password: put a token into an environment variable, named in token_env")
        if (self.cursor is None) != (self.cursor_parameter is None):
            raise ValueError("cursor and cursor_parameter go together")
        if self.cursor and not self.key:
            raise ValueError("a cursor needs a key: a changed row must replace its older self")
        return self


class TableSource(SourceBase):
    """A table that is in the warehouse already: nothing is copied, raw.<name> is a view of it."""

    kind: Literal["table"]
    table: str = Field(description="Schema and table, such as `erp.customers`.", pattern=r"^\w+(\.\w+){1,2}$")


Source = Annotated[
    CsvSource | NdjsonSource | ParquetSource | SqlSource | HttpSource | TableSource,
    Field(discriminator="kind"),
]


class SourcesConfig(Config):
    """All sources of one company."""

    sources: list[Source] = []

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [s.name for s in self.sources]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"source names used twice: {', '.join(twice)}")
        if reserved := [n for n in names if n.endswith("__rejected")]:
            raise ValueError(f"names that end in __rejected are taken for rejected rows: {', '.join(reserved)}")
        return self

    def with_meaning(self, entity: str) -> list[Source]:
        """Sources whose rows are (also) this entity, in the order written."""
        return [s for s in self.sources if getattr(s.means, entity) is not None]


def problems(config: SourcesConfig, company: "Company") -> Iterator[Problem]:
    """References must lead to sources of people."""
    people = tuple(s.name for s in config.with_meaning("person"))
    for index, source in enumerate(config.sources):
        for entity in type(source.means).model_fields:
            meaning = getattr(source.means, entity)
            reference = getattr(meaning, "customer", None)
            place = ("sources", index, "means", entity)
            if isinstance(reference, Reference) and reference.source not in people:
                yield Problem(
                    (*place, "customer", "source"), f"no source of people is called '{reference.source}'.",
                    reference.source, people,
                )  # fmt: skip
        event = source.means.event
        if event and event.user and event.user not in people:
            yield Problem(
                ("sources", index, "means", "event", "user"), f"no source of people is called '{event.user}'.",
                event.user, people,
            )  # fmt: skip
