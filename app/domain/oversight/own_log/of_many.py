"""Acts on many people at once: the log names a place, an extract or a recall, and this tells whether somebody was among them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.domain.inventory.models import Recall, RecallNotice
from app.domain.recipients.models import Listing
from app.domain.reporting.cvrs.told import extracts_with_doses_of
from app.infra.audit import AuditEntry

OF_LISTS = ("recipients.exported", "inventory.history_exported")
OF_EXTRACTS = ("report.federal_extract_made", "report.federal_extract_downloaded")
OF_RECALLS = ("recall.made",)


@dataclass(frozen=True, slots=True)
class OfMany:
    """Acts that are about the person where they were done to one of the subjects, from `since` on.

    `subjects`: the id in the log, and what else is told of it (`Opening.detail`).
    """

    acts: tuple[str, ...]
    subjects: Mapping[UUID, str]
    since: datetime | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        """Which entries of the log these are."""
        own = and_(AuditEntry.act.in_(self.acts), AuditEntry.subject_id.in_(self.subjects))
        return own if self.since is None else and_(own, AuditEntry.at >= self.since)


def acts_on_many(session: Session, records: Collection[UUID]) -> list[OfMany]:
    """What was done to many people, the person of these records among them: three queries.

    Exports of places in whose lists the person is; extracts to CDC with one of their doses; recalls for which their
    name was put on the list of people to tell.
    """
    places = session.execute(select(Listing.scope_id, Listing.listed_at).where(Listing.recipient_id.in_(records)))
    found = [OfMany(OF_LISTS, {place_id: ""}, since) for place_id, since in places]
    extracts = extracts_with_doses_of(session, records)
    if extracts:
        found.append(OfMany(OF_EXTRACTS, extracts))
    recalls = _recalls(session, records)
    if recalls:
        found.append(OfMany(OF_RECALLS, recalls))
    return found


def _recalls(session: Session, records: Collection[UUID]) -> dict[UUID, str]:
    rows = session.execute(
        select(Recall.id, Recall.number_folded)
        .join(RecallNotice, RecallNotice.recall_id == Recall.id)
        .where(RecallNotice.recipient_id.in_(records))
    )
    return {recall_id: "lot" if number else "vaccine" for recall_id, number in rows}
