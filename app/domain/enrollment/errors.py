"""What the rules of enrollment refuse, with the facts that explain it."""

from typing import Literal
from uuid import UUID

from app.domain.errors import Conflict, EditedMeanwhile, Refusal

Reason = Literal["missing", "too_long", "unknown", "malformed", "not_a_number", "too_many", "backwards", "link"]


class NotNow(Refusal):
    """The enrollment or location stands where this cannot be done: `act` and `status` as in `states.py`."""

    def __init__(self, act: str, status: str) -> None:
        super().__init__(act, status)
        self.act, self.status = act, status


class FieldsRefused(Refusal):
    """Values that cannot be kept as they were typed: the reason by the key of the field."""

    def __init__(self, reasons: dict[str, Reason]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class EditedByOthers(Conflict):
    """Somebody else changed the same fields meanwhile: one EditedMeanwhile for each. `by_id` edited last."""

    def __init__(self, conflicts: tuple[EditedMeanwhile, ...], *, version: int, by_id: UUID | None) -> None:
        super().__init__(", ".join(conflict.field for conflict in conflicts))
        self.conflicts, self.version, self.by_id = conflicts, version, by_id


class Incomplete(Refusal):
    """What is missing, by the keys of fields; "locations", "storage_units", "pictures" and "providers" among them."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class CorrectionsOpen(Refusal):
    """The state asked for corrections of these fields that nobody has dealt with yet."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class NoCorrections(Refusal):
    """An enrollment is returned only with at least one comment on a named field."""


class AlreadySigned(Refusal):
    """This document has been signed in this capacity, and nothing changed since."""


class NotForYou(Refusal):
    """This document is not signed in this capacity, or not at all in this enrollment."""


class TextChanged(Conflict):
    """The agreement that was read is not the newest text any more: read it again before signing."""


class WrongName(Refusal):
    """The name under a signature must be the one of the account: `expected` is how it is written there."""

    def __init__(self, expected: str) -> None:
        super().__init__()
        self.expected = expected


class SameLocation(Refusal):
    """The enrollment has a location of this name at this address already."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SameProvider(Refusal):
    """The location lists somebody with this license number already."""


class NothingToDecide(Refusal):
    """It was decided already, perhaps by somebody else a moment ago. `status` is how."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status
