"""In which extracts somebody's doses stood. Nothing of it is kept: it follows from when a dose was recorded."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.domain.reporting.cvrs.models import CvrsExtract, CvrsProblem
from app.domain.vaccinations.models import Administration, DoseChange, DoubledDose


def extracts_with_doses_of(session: Session, records: Collection[UUID]) -> dict[UUID, str]:
    """The extracts that reported a dose of these records, each with what it told of people (D or I): one query.

    A dose is reported once, whatever is corrected later: in the extract of the time in which it was recorded, or, where
    its line was held back, in the one that found it right. What counts is how it stood when that extract was made:
    whose dose it was, and that it was not removed or doubled.
    """
    dose, due, sent = Administration, aliased(CvrsExtract), aliased(CvrsExtract)
    in_time = or_(due.after.is_(None), dose.recorded_at > due.after) & (dose.recorded_at <= due.until)
    held_back = (CvrsProblem.extract_id == due.id) & (CvrsProblem.administration_id == dose.id)
    later = (DoseChange.administration_id == dose.id) & (DoseChange.made_at > sent.made_at)
    moved_from = (
        select(DoseChange.recipient_id).where(later, DoseChange.kind == "moved").order_by(DoseChange.id).limit(1)
    )
    removed_later = select(DoseChange.id).where(later, DoseChange.kind == "removed")
    doubled = select(DoubledDose.id).where(
        DoubledDose.administration_id == dose.id, DoubledDose.marked_at <= sent.made_at,
        or_(DoubledDose.undone_at.is_(None), DoubledDose.undone_at > sent.made_at),
    )  # fmt: skip
    rows = session.execute(
        select(sent.id, sent.model)
        .select_from(dose)
        .join(due, in_time)
        .outerjoin(CvrsProblem, held_back)
        .join(sent, sent.id == case((CvrsProblem.id.is_(None), due.id), else_=CvrsProblem.solved_by_id))
        .where(
            dose.id.in_(_ever_theirs(records)),
            func.coalesce(moved_from.correlate(dose, sent).scalar_subquery(), dose.recipient_id).in_(records),
            or_(dose.status == "completed", removed_later.correlate(dose, sent).exists()),
            ~doubled.correlate(dose, sent).exists(),
        )
        .distinct()
    )
    return {extract_id: model for extract_id, model in rows}  # noqa: C416 -- a Row is no pair to mypy


def _ever_theirs(records: Collection[UUID]) -> Any:
    """The doses of the records, and those that were entered there and moved to somebody else."""
    now = select(Administration.id).where(Administration.recipient_id.in_(records))
    before = select(DoseChange.administration_id).where(
        DoseChange.recipient_id.in_(records), DoseChange.kind == "moved"
    )
    return union(now, before)
