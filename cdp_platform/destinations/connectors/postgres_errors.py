"""What an error of PostgreSQL means, by its class (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

import psycopg

from cdp_platform.destinations.errors import AuthenticationError, ConfigurationError, SyncError, TransientError

LOGIN = ("password authentication failed", "no pg_hba.conf entry", "does not exist", "no password supplied")


def meaning(error: psycopg.Error) -> SyncError:
    """The error in the engine's terms. Its words are not repeated: they may hold the address or a person's value."""
    state = error.sqlstate or ""
    if not state and isinstance(error, psycopg.OperationalError):  # refused before there was a session
        if any(words in str(error) for words in LOGIN):
            return AuthenticationError("the database refuses the login, or there is no such role or database")
        return TransientError("the database cannot be reached, or the connection broke")
    if state.startswith("28") or state == "42501":
        return AuthenticationError(f"the database does not let us ({state})")
    if state[:2] in ("08", "40", "53", "55", "57", "58") or state == "25P02":
        return TransientError(f"the database could not do it now ({state})")
    return ConfigurationError(f"the database cannot do what the configuration asks ({state or type(error).__name__})")
