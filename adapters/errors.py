"""What can go wrong on a platform, split by what the caller should do.

AdapterError
├── RateLimited   wait ``retry_after`` seconds, then try again
├── Forbidden     tell an admin what is ``missing`` (a scope, an intent, a permission)
│   └── Revoked   the same for our credentials, which stand for all we do there: try again, slowly
├── Gone          the message, file, thread or channel is no longer there: give up quietly
├── TooLarge      the file exceeds the limit that the caller gave: tell the user
└── Unreachable   the platform did not answer or answered nonsense: try again later
"""


class AdapterError(Exception):
    """Something went wrong on the platform's side of the door. Texts never hold a credential."""


class RateLimited(AdapterError):
    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds to wait before the next try."""


class Forbidden(AdapterError):
    def __init__(self, message: str, *, missing: str = "") -> None:
        super().__init__(message)
        self.missing = missing
        """The scope, intent or permission by the platform's own name, or empty."""


class Revoked(Forbidden):
    """The platform does not accept our credentials, or does no longer."""


class Gone(AdapterError):
    """What was asked for no longer exists, or never did."""


class TooLarge(AdapterError):
    """The file is larger than the caller allows."""


class Unreachable(AdapterError):
    """No usable answer from the platform."""
