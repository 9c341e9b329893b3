"""What a user may write about privacy."""

from pydantic import Field

from cdp_platform.shared.config import Config, Name


class Purpose(Config):
    """A purpose of use that people consent to."""

    name: Name = Field(description="As it stands in the consent sources: `email_marketing`.")
    about: str = ""


class PrivacyConfig(Config):
    """Purposes of use. A sync names one of them, and sends nobody who has not consented to it."""

    purposes: list[Purpose] = []

    def names(self) -> tuple[str, ...]:
        """The names of all purposes."""
        return tuple(p.name for p in self.purposes)
