"""What can go wrong with a destination, told apart by what to do about it.

A message never holds a secret or a person's value: it may end in a log, an alert or a page of the UI.
"""


class SyncError(Exception):
    """Anything a destination does that keeps a batch from being sent."""

    in_doubt = False
    """Whether some of the batch may have been applied all the same."""


class TransientError(SyncError):
    """Try again: same batch, same bytes, same idempotency key.

    When tries run out the run stays open and the next start goes on with it.
    """

    in_doubt = True

    def __init__(self, message: str, retry_after: float | None = None):
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds that the destination asks us to wait; None when it did not say."""


class NotReached(TransientError):  # noqa: N818 what happened
    """There was no connection: certainly nothing was applied."""

    in_doubt = False


class Throttled(TransientError):  # noqa: N818 what happened
    """The destination asks to slow down (429) and has not looked at the batch."""

    in_doubt = False


class TerminalError(SyncError):
    """Trying again changes nothing before a person has acted."""


class AuthenticationError(TerminalError):
    """The destination does not know us, or does not let us."""


class ConfigurationError(TerminalError):
    """The destination is not what the configuration says: wrong address, missing table or column."""


class NotConfigured(ConfigurationError):  # noqa: N818 a state, not a fault
    """The environment variable that names the destination is not set, so the sync sends nothing yet."""


class BatchRejected(TerminalError):  # noqa: N818 what happened
    """The destination refused a batch as a whole because of one or more of its rows: bisect to find them."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class SyncBusy(SyncError):  # noqa: N818 a state, not a fault
    """Another process is running this sync."""
