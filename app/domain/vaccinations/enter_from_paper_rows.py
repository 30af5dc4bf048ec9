"""Use case: doses from paper are entered by workbook. Each row is a transaction of its own; sent again, nothing is doubled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Refusal
from app.domain.inventory.errors import LotUnusable, NoDosesLeft, WhyNot
from app.domain.inventory.models import Lot
from app.domain.inventory.queries import lots_visible_to
from app.domain.vaccinations.cautions import CAUTION_CODES, CautionCode
from app.domain.vaccinations.enter_from_paper import EnterFromPaper, GivenThatDay, enter_from_paper, on_paper
from app.domain.vaccinations.errors import BadDoseTime, NeedsReasons, VisitEnded
from app.domain.vaccinations.paper_rows import HEADERS, PaperRow
from app.domain.vaccinations.questionnaires import questionnaire_on
from app.domain.vaccinations.walk_in import LooksKnown
from app.infra import clock
from app.infra.db import Database
from app.infra.spreadsheet import Mistake

MOST_LOTS = 2_000
LONGEST = timedelta(seconds=20)

_CAUTIONS: dict[CautionCode, str] = {
    "not_screened": "the screening questions were not asked",
    "contraindication": "the answers speak against it",
    "precaution": "the answers ask for care",
    "defer": "the answers say to wait",
    "age": "too young for this vaccine",
    "interval": "too early after the dose before",
    "mix": "another vaccine than before",
    "complete": "the vaccination was complete already",
}
_LOTS: dict[WhyNot, str] = {
    "recalled": "This lot was recalled before the dose. Check the lot and the day.",
    "stopped": "This vaccine was stopped before the dose. Check the lot and the day.",
    "quarantined": "This lot was set apart before the dose. Check the lot and the day.",
    "depleted": "No dose of this lot is left. Check the lot, or count the shelf.",
    "expired": "This lot had expired on that day. Check the lot and the day.",
    "not_arrived": "This lot had not arrived on that day. Check the lot and the day.",
    "not_yet": "This vaccine was not in use on that day. Check the day.",
    "ended": "This vaccine was no longer in use on that day. Check the day.",
    "paused": "This vaccine was paused on that day. Check the day.",
}


@dataclass(frozen=True, slots=True)
class EnteredRows:
    """How many doses were entered, how many were there already, the rows that were not taken, and how many good ones
    were not reached in time: the same file sent again goes on with them."""

    entered: int
    present: int
    mistaken: tuple[PaperRow, ...]
    waiting: int = 0


def lots_ever(session: Session, actor: Actor, location_id: UUID) -> list[Lot]:
    """All lots of a location, also those used up: a row that was entered before may name one. The latest first."""
    actor.require(Permission.ADMINISTER_DOSES, at=location_id)
    statement = lots_visible_to(actor).where(Lot.location_id == location_id)
    return list(session.scalars(statement.order_by(Lot.created_at.desc(), Lot.id).limit(MOST_LOTS)))


def enter_paper_rows(
    database: Database, actor: Actor, location_id: UUID, rows: Sequence[PaperRow], *, now: datetime, zone: ZoneInfo,
    time: Callable[[], datetime] = clock.now,
) -> EnteredRows:  # fmt: skip
    """Enter the good rows. To be called outside any transaction: others go on working between two rows.

    After LONGEST no further row is begun, since somebody waits for the answer; `time` is asked before each.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=location_id)
    entered = present = waiting = 0
    stop = time() + LONGEST
    mistaken: list[PaperRow] = []
    for row in rows:
        if row.mistakes:
            mistaken.append(row)
            continue
        if time() > stop:
            waiting += 1
            continue
        try:
            with database.transaction() as session:
                enter_from_paper(session, actor, _command(location_id, row), now=now, zone=zone)
            entered += 1
        except GivenThatDay as that_day:
            if that_day.dose.cvx == row.values["cvx"]:
                present += 1
            else:
                mistaken.append(_with(row, "given_on", "A dose of another vaccine is on record for this day."))
        except (LooksKnown, NeedsReasons, BadDoseTime, LotUnusable, NoDosesLeft, VisitEnded) as refusal:
            mistaken.append(_with(row, *_explained(refusal)))
    return EnteredRows(entered, present, tuple(mistaken), waiting)


def _command(location_id: UUID, row: PaperRow) -> EnterFromPaper:
    told = row.values
    asked = questionnaire_on(told["given_on"]).questions
    return EnterFromPaper(
        location_id=location_id,
        lot_id=told["lot_id"],
        site=told["site"],
        clinician_name=told["clinician_name"],
        clinician_suffix=told["clinician_suffix"],
        fact_sheet_given=told["fact_sheet"] == "yes",
        given_at=told["given_at"],
        details=on_paper(
            told["first_name"], told["last_name"], told["birth_date"], phone=told["phone"] or "", zip=told["zip"] or ""
        ),
        answers={question.code: "no" for question in asked} if told["screening"] == "no" else None,
        trust_same=True,
        reasons=dict.fromkeys(CAUTION_CODES, told["reason"]),
    )


def _with(row: PaperRow, key: str, message: str) -> PaperRow:
    """The row, no longer good. `key` is empty for a mistake of the row as a whole."""
    return replace(row, values={}, mistakes=(Mistake(row.addresses.get(key, ""), HEADERS.get(key, ""), message, key),))


def _explained(refusal: Refusal) -> tuple[str, str]:
    for kind, explain in _WORDS:
        if isinstance(refusal, kind):
            return explain(refusal)
    raise refusal


def _about_cautions(refusal: NeedsReasons) -> tuple[str, str]:
    against = "; ".join(_CAUTIONS[caution.code] for caution in refusal.cautions)
    return "reason", f"Say here why it was given all the same: {against}."


def _about_time(refusal: BadDoseTime) -> tuple[str, str]:
    if refusal.fault == "future":
        return "given_time", "This time is in the future. Check the day and the time."
    return "given_on", "This day is before the person’s birth. Check both dates."


_WORDS: tuple[tuple[type[Refusal], Callable[..., tuple[str, str]]], ...] = (
    (NeedsReasons, _about_cautions),
    (BadDoseTime, _about_time),
    (LotUnusable, lambda refusal: ("lot", _LOTS[refusal.why])),
    (NoDosesLeft, lambda refusal: ("lot", _LOTS["depleted"])),
    (
        LooksKnown,
        lambda refusal: (
            "",
            "Somebody like this is on record. Enter this row on the page “Enter from paper”, where you can compare them.",
        ),
    ),
    (VisitEnded, lambda refusal: ("", "Somebody else has just entered this dose. Look at the person’s record.")),
)
