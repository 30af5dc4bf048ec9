"""The base of all refusals. The domain raises them, the pages word them."""


class Refusal(Exception):
    """Something a rule does not allow. Subclasses carry the facts that a page needs to explain it."""


class NotFound(Refusal):
    """It does not exist, or it is not yours: which of the two is nobody's business."""


class NotAllowed(Refusal):
    """It is yours to see, but not yours to do."""


class Conflict(Refusal):
    """Somebody else changed it since you looked."""


class EditedMeanwhile(Conflict):
    """A detail was edited from an older version: `typed` and `stored` are both values, `version` the newest."""

    def __init__(self, field: str, *, typed: str, stored: str, version: int) -> None:
        super().__init__(field)
        self.field, self.typed, self.stored, self.version = field, typed, stored, version
