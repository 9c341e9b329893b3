"""What a user may write about scores."""

from cdp_platform.shared.config import Config


class ScoresConfig(Config):
    """Scores."""
