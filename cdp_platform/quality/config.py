"""What a user may write about quality."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from cdp_platform.shared.config import Config, EnvironmentVariable, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company


class AlertChannel(Config):
    """Where alerts go: an Apprise address (Slack, Teams, e-mail, PagerDuty, a webhook, …)."""

    url_env: EnvironmentVariable = Field(description="Environment variable with the Apprise URL.")
    least: Literal["WARN", "ERROR"] = Field(default="WARN", description="Leave out what is less severe.")


class QualityConfig(Config):
    """Alerts, and how late is late."""

    alerts: list[AlertChannel] = []
    published_late_after_hours: int = Field(
        default=26, gt=0, le=8760, description="Alert when nothing was published for so many hours."
    )

    @model_validator(mode="after")
    def _channels_differ(self) -> Self:
        names = [c.url_env for c in self.alerts]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"alert channels named twice: {', '.join(twice)}")
        return self


def problems(config: QualityConfig, company: "Company") -> Iterator[Problem]:
    """Nothing in quality depends on another room."""
    yield from ()
