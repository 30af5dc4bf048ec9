"""The queue of the state's staff: oldest first, by stage, county, kind of provider, and what is missing."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import states
from app.domain.enrollment.models import Correction, EnrolledLocation, Enrollment, Signature
from app.domain.enrollment.queries import enrollments_visible_to
from app.infra.paging import Slice, pack, unpack

Lacking = Literal["", "section_a", "section_b", "signatures", "corrections"]
PAST_DECISION = (states.APPROVED, states.DENIED, states.DISENROLLED)


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """`stage` is a status of the enrollment, or "" for all that are under way. `lacking`: what is missing.

    `county_fips` and `provider_type` hold for at least one location, `text` for the beginning of name or code.
    """

    stage: str = states.SUBMITTED
    county_fips: str = ""
    provider_type: str = ""
    lacking: Lacking = ""
    text: str = ""


@dataclass(slots=True)
class QueueRow:
    """One application: since when it stands there, how many locations in which state, what is missing."""

    enrollment_id: UUID
    code: str
    name: str
    status: str
    since: datetime
    is_update: bool
    section_a_done: bool
    locations: dict[str, int] = field(default_factory=dict)
    counties: list[str] = field(default_factory=list)
    provider_types: list[str] = field(default_factory=list)
    officers_signed: int = 0
    corrections_open: int = 0

    @property
    def location_count(self) -> int:
        """Locations that the agreement covers or will."""
        return sum(count for status, count in self.locations.items() if status not in states.GONE)

    @property
    def locations_incomplete(self) -> int:
        """Locations whose Section B is still being written."""
        done = {states.COMPLETE, states.APPROVED} | states.GONE
        return sum(count for status, count in self.locations.items() if status not in done)


def list_queue(
    session: Session, actor: Actor, filters: QueueFilters, *, after: str | None = None, size: int = 50
) -> Slice[QueueRow]:
    """A page of the queue in four queries. Those who registered and never confirmed their address are left out."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    query = _filtered(enrollments_visible_to(actor), filters)
    key = unpack(after, 2)
    place = _place(key) if key else None
    if place:
        since, last = place
        query = query.where(
            or_(Enrollment.stage_since > since, and_(Enrollment.stage_since == since, Enrollment.id > last))
        )
    found = list(session.scalars(query.order_by(Enrollment.stage_since, Enrollment.id).limit(size + 1)))
    rows = {one.id: _row(one) for one in found[:size]}
    _count_locations(session, rows)
    _count_rest(session, rows)
    last_one = found[size - 1] if len(found) > size else None
    return Slice(list(rows.values()), pack(last_one.stage_since.isoformat(), last_one.id) if last_one else None)


def count_waiting(session: Session, actor: Actor) -> int:
    """How many applications wait for the state, for the menu; at most 1,000 are counted."""
    actor.require(Permission.REVIEW_ENROLLMENTS, at=None)
    some = select(Enrollment.id).where(Enrollment.status == states.SUBMITTED).limit(1000).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _filtered(query: Select[Enrollment], filters: QueueFilters) -> Select[Enrollment]:
    here = EnrolledLocation.enrollment_id == Enrollment.id
    alive = EnrolledLocation.status.not_in(states.GONE)
    if filters.stage:
        query = query.where(Enrollment.status == filters.stage)
    else:
        query = query.where(Enrollment.status.not_in(PAST_DECISION), Enrollment.name != "")
    if filters.county_fips:
        query = query.where(exists().where(here, alive, EnrolledLocation.county_fips == filters.county_fips))
    if filters.provider_type:
        query = query.where(exists().where(here, alive, EnrolledLocation.provider_type == filters.provider_type))
    if filters.text.strip():
        text = filters.text.strip()
        query = query.where(
            or_(
                Enrollment.name.istartswith(text, autoescape=True),
                Enrollment.code.istartswith(text, autoescape=True),
            )
        )
    return query.where(_lacks(filters.lacking)) if filters.lacking else query


def _lacks(what: str) -> Any:
    here = EnrolledLocation.enrollment_id == Enrollment.id
    if what == "section_a":
        return Enrollment.section_a_done.is_(False)
    if what == "section_b":
        done = (states.COMPLETE, states.APPROVED, *states.GONE)
        return exists().where(here, EnrolledLocation.status.not_in(done))
    if what == "signatures":
        return Enrollment.status == states.SIGNATURES
    return exists().where(
        Correction.enrollment_id == Enrollment.id, Correction.settled_at.is_(None), Correction.sent_at.is_not(None)
    )


def _row(one: Enrollment) -> QueueRow:
    return QueueRow(
        one.id, one.code, one.name, one.status, one.stage_since, one.approved is not None, one.section_a_done
    )


def _count_locations(session: Session, rows: dict[UUID, QueueRow]) -> None:
    grouped = session.execute(
        select(
            EnrolledLocation.enrollment_id, EnrolledLocation.status, EnrolledLocation.county_fips,
            EnrolledLocation.provider_type, func.count(),
        )
        .where(EnrolledLocation.enrollment_id.in_(rows), EnrolledLocation.status != states.REMOVED)
        .group_by(
            EnrolledLocation.enrollment_id, EnrolledLocation.status, EnrolledLocation.county_fips,
            EnrolledLocation.provider_type,
        )
    )  # fmt: skip
    counties: dict[UUID, set[str]] = defaultdict(set)
    kinds: dict[UUID, set[str]] = defaultdict(set)
    for enrollment_id, status, county, kind, count in grouped:
        row = rows[enrollment_id]
        row.locations[status] = row.locations.get(status, 0) + count
        counties[enrollment_id].add(county)
        kinds[enrollment_id].add(kind)
    for enrollment_id, row in rows.items():
        row.counties = sorted(counties[enrollment_id] - {""})
        row.provider_types = sorted(kinds[enrollment_id] - {""}, key=int)


def _count_rest(session: Session, rows: dict[UUID, QueueRow]) -> None:
    signed = session.execute(
        select(Signature.enrollment_id, func.count(Signature.capacity.distinct()))
        .where(Signature.enrollment_id.in_(rows), Signature.superseded_at.is_(None))
        .where(Signature.enrolled_location_id.is_(None))
        .group_by(Signature.enrollment_id)
    )
    for enrollment_id, count in signed:
        rows[enrollment_id].officers_signed = count
    asked = session.execute(
        select(Correction.enrollment_id, func.count())
        .where(Correction.enrollment_id.in_(rows), Correction.settled_at.is_(None), Correction.sent_at.is_not(None))
        .group_by(Correction.enrollment_id)
    )
    for enrollment_id, count in asked:
        rows[enrollment_id].corrections_open = count


def _place(key: list[str]) -> tuple[datetime, UUID] | None:
    try:
        since = datetime.fromisoformat(key[0])
        return (since, UUID(key[1])) if since.tzinfo else None
    except ValueError:
        return None
