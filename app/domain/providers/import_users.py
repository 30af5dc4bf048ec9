"""HCP User Onboarding: the users of a location by workbook. For its Location Managers, and for whoever helps them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor
from app.domain.accounts.models import Invitation
from app.domain.accounts.names import fold_name
from app.domain.program.lookup import fold
from app.domain.providers.change_user import end_access
from app.domain.providers.known_users import KnownUsers, known_users
from app.domain.providers.queries import get_location
from app.domain.providers.take_on_user import admit, hold_users
from app.domain.providers.user_details import details
from app.domain.providers.user_errors import NotDone, Reasons, Why
from app.domain.providers.user_rows import with_reasons
from app.domain.providers.users import LocationUser, find_by_ncid
from app.infra import audit
from app.infra.spreadsheet.read_rows import ReadRow

Fate = Literal["invited", "granted", "deactivated", "present", "mistaken"]


@dataclass(frozen=True, slots=True)
class ImportUsers:
    """Rows as `user_rows.read_users` gives them."""

    location_id: UUID
    rows: Iterable[ReadRow]


@dataclass(frozen=True, slots=True)
class ImportedUsers:
    """The fate of every row by its number, and the rows that were not taken, with all that is wrong with them."""

    fates: dict[int, Fate]
    mistaken: tuple[ReadRow, ...]

    def count(self, *fates: Fate) -> int:
        """How many rows had one of these fates."""
        return sum(fate in fates for fate in self.fates.values())


def import_users(session: Session, actor: Actor, command: ImportUsers, *, now: datetime) -> ImportedUsers:
    """Carry the good rows out. Somebody who is a user already stays one: sent twice, nothing is doubled.

    Everybody taken on is told by mail. Raises NotFound or NotAllowed.
    """
    hold_users(session, actor, command.location_id)
    rows = list(command.rows)
    work = _Import(session, actor, command.location_id, rows, now)
    for row in rows:
        work.take(row)
    invitations.mail_invitations(session, work.invited, now=now)
    fates = work.fates
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="location.users_imported", subject_kind="location",
        subject_id=command.location_id, place_id=command.location_id, now=now, rows=len(rows),
        mistaken=len(work.mistaken),
    )  # fmt: skip
    session.flush()
    return ImportedUsers(fates, tuple(work.mistaken))


class _Import:
    """One workbook being carried out, row by row."""

    def __init__(self, session: Session, actor: Actor, location_id: UUID, rows: list[ReadRow], now: datetime) -> None:
        self.session, self.actor, self.location_id, self.now = session, actor, location_id, now
        place = get_location(session, actor, location_id)
        self.called = {fold(place.name), fold(place.provider_pin)}
        self.known: KnownUsers = known_users(session, location_id, [row.values for row in rows])
        self.first_rows: dict[str, int] = {}
        self.invited: list[Invitation] = []
        self.mistaken: list[ReadRow] = []
        self.fates: dict[int, Fate] = {}

    def take(self, row: ReadRow) -> None:
        """Carry a row out, or note all that is wrong with it."""
        reasons = self._misplaced(row)
        fate, others = (
            self._deactivate(row, reasons) if row.values["action"] == "deactivate" else self._add(row, reasons)
        )
        reasons = {**others, **reasons}
        if reasons or not row.is_good:
            told = with_reasons(row, {key: why for key, why in reasons.items() if not _has(row, key)})
            self.mistaken.append(told)
            fate = "mistaken"
        self.fates[row.number] = fate

    def _misplaced(self, row: ReadRow) -> Reasons:
        """Another location, or a person whom an earlier row named."""
        reasons: Reasons = {}
        if row.values["location"] and fold(row.values["location"]) not in self.called:
            reasons["location"] = Why("other_location")
        ncid = fold_name(row.values.get("ncid", ""))
        first = self.first_rows.setdefault(ncid, row.number) if ncid else row.number
        if first != row.number:
            reasons["ncid"] = Why("repeated", {"row": str(first)})
        return reasons

    def _add(self, row: ReadRow, misplaced: Reasons) -> tuple[Fate, Reasons]:
        verdict, reasons = self.known.decide(row.values)
        if reasons or misplaced or not row.is_good:
            return "mistaken", reasons
        if verdict == "present":
            return "present", {}
        made = admit(self.session, self.actor, self.known, details(row.values), now=self.now)
        self.invited += [made] if made else []
        return ("invited" if made else "granted"), {}

    def _deactivate(self, row: ReadRow, misplaced: Reasons) -> tuple[Fate, Reasons]:
        ncid = row.values.get("ncid", "")
        user: LocationUser | None = find_by_ncid(self.session, self.actor, self.location_id, ncid) if ncid else None
        if ncid and user is None:
            return "mistaken", {"ncid": Why("not_here")}
        if misplaced or not row.is_good or user is None:
            return "mistaken", {}
        if user.status == "deactivated":
            return "present", {}
        try:
            end_access(self.session, self.actor, self.location_id, user, now=self.now)
        except NotDone as refusal:
            return "mistaken", {"action": refusal.why}
        return "deactivated", {}


def _has(row: ReadRow, key: str) -> bool:
    return any(mistake.key == key for mistake in row.mistakes)
