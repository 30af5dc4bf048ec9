"""Forms begun and not finished: kept encrypted, one per account, kind of form and subject."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.domain.drafts.models import Draft
from app.infra.db import one_at_a_time

RESTS_AFTER = timedelta(hours=1)


def save_draft(
    session: Session,
    account_id: UUID,
    kind: str,
    subject_id: UUID,
    step: str,
    data: Any,
    *,
    now: datetime,
    paused: bool = False,
) -> Draft:
    """Keep what was typed so far, in place of what was kept before.

    `data` is any JSON value; `step` is where the person was. `paused` notes that they put the form aside on
    purpose; saving without it takes it up again.
    """
    one_at_a_time(session, f"draft {account_id} {kind} {subject_id}")
    draft = find_draft(session, account_id, kind, subject_id)
    if draft is None:
        draft = Draft(account_id=account_id, kind=kind, subject_id=subject_id)
        session.add(draft)
    draft.step, draft.data, draft.updated_at = step, data, now
    draft.paused_at = now if paused else None
    session.flush()
    return draft


def find_draft(session: Session, account_id: UUID, kind: str, subject_id: UUID) -> Draft | None:
    """What this account has typed into this form so far; None when nothing is kept."""
    return session.scalars(_of(account_id, kind, subject_id)).one_or_none()


def latest_draft(session: Session, account_id: UUID, kind: str, subject_id: UUID) -> Draft | None:
    """The same for a writer: other writers wait until this transaction ends."""
    one_at_a_time(session, f"draft {account_id} {kind} {subject_id}")
    return session.scalars(
        _of(account_id, kind, subject_id).execution_options(populate_existing=True)
    ).one_or_none()


def drop_draft(session: Session, account_id: UUID, kind: str, subject_id: UUID) -> None:
    """Forget what was kept: the form was finished, or is begun anew. Nothing kept is no error."""
    session.execute(
        delete(Draft).where(
            Draft.account_id == account_id, Draft.kind == kind, Draft.subject_id == subject_id
        )
    )


def paused_drafts(session: Session, account_id: UUID) -> list[Draft]:
    """The forms that this account has put aside on purpose, the one paused last first."""
    query = select(Draft).where(Draft.account_id == account_id, Draft.paused_at.is_not(None))
    return list(session.scalars(query.order_by(Draft.paused_at.desc(), Draft.id)))


def rests(draft: Draft, *, now: datetime) -> bool:
    """True when the person should look at what they entered before going on.

    That is after a pause, and after an hour in which nothing was saved: whoever just closed the window has
    forgotten as much as whoever pressed Pause.
    """
    return draft.paused_at is not None or now - draft.updated_at >= RESTS_AFTER


def _of(account_id: UUID, kind: str, subject_id: UUID) -> Select[Draft]:
    return select(Draft).where(
        Draft.account_id == account_id, Draft.kind == kind, Draft.subject_id == subject_id
    )
