"""What the help desk refuses."""

from typing import Literal

from app.domain.errors import Conflict, Refusal

Fault = Literal[
    "missing", "too_long", "unknown", "bad_email", "bad_phone", "bad_pin", "bad_date", "too_many", "bad_name",
    "past", "before_first", "last_one", "other_audience", "taken", "out_of_range", "not_after", "bad_user_name",
    "invited", "bad_slug", "bad_page", "bad_link", "unreachable",
]  # fmt: skip


class BadRequest(Refusal):
    """A value that cannot be taken; `limit` is what it must not pass."""

    def __init__(self, field: str, fault: Fault, *, limit: int | None = None) -> None:
        super().__init__(field, fault)
        self.field, self.fault, self.limit = field, fault, limit


class BadAttachment(Refusal):
    """A file that is not taken. why: empty, too_big, kind (only these kinds are taken), damaged, too_many."""

    def __init__(self, filename: str, why: str) -> None:
        super().__init__(filename, why)
        self.filename, self.why = filename, why


class CaseChanged(Conflict):
    """Another agent changed the case since it was looked at; `version` is the newest."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class TooLateToReopen(Refusal):
    """It was closed too long ago; a new case can be opened. `days` it could be reopened for."""

    def __init__(self, days: int) -> None:
        super().__init__(days)
        self.days = days


class CannotMerge(Refusal):
    """Not these two: the same case, one that is merged already, or of another requester's audience."""


class LinkUnknown(Refusal):
    """No such link was sent, or it was cut when it was copied."""


class LinkExpired(Refusal):
    """It is too old; a fresh one can be mailed to the same address."""


class WrongCode(Refusal):
    """Neither a Provider PIN as `NCA` and six digits nor the code that everybody may use."""


class RecordUnknown(Refusal):
    """No record has this code or PIN. `guessing`: too many were tried, this one was not looked for."""

    def __init__(self, guessing: bool) -> None:
        super().__init__(guessing)
        self.guessing = guessing
