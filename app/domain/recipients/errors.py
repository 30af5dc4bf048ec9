"""What the recipients' rules refuse."""

from app.domain.errors import Refusal
from app.domain.recipients.matching import Match


class LikelyDuplicate(Refusal):
    """Somebody on record is, or may be, this person: look before a second record is made."""

    def __init__(self, matches: list[Match]) -> None:
        super().__init__()
        self.matches = matches
