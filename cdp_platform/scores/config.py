"""What a user may write about scores."""

from pydantic import Field

from cdp_platform.shared.config import Config


class ScoresConfig(Config):
    """How the scores are fitted and judged. Their horizons (30, 60, 90 and 365 days) are part of the table contract."""

    calibration_days: int = Field(
        default=90,
        ge=7,
        le=365,
        description="The models are fitted a second time as of so many days ago, and what they foretold is compared "
        "with the orders since.",
    )
    least_repeat_buyers: int = Field(
        default=50,
        ge=10,
        description="With fewer customers who ordered on two or more days, the models are not fitted: they take a "
        "usual shape at the company's own order rate and mean order value.",
    )
