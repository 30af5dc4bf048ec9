"""Use case: somebody who registered with the help desk agrees to the terms as they are now."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.models import Requester
from app.domain.program.terms import version_to_accept
from app.infra import audit

DOCUMENT = "helpdesk"


def terms_to_agree(session: Session, account_id: UUID, day: date) -> str:
    """The version that somebody has still to agree to; "" where nothing is asked, as of those from another portal."""
    known = session.get(Requester, account_id)
    asked = version_to_accept(session, DOCUMENT, day) if known is not None else ""
    return asked if known is not None and known.terms != asked else ""


def accept_terms(session: Session, actor: Actor, version: str, *, today: date, now: datetime) -> None:
    """Keep which version was agreed to. Raises BadRequest where another one is asked for by now, NotFound."""
    known = session.get(Requester, actor.id) if actor.id is not None else None
    if known is None:
        raise NotFound
    if version != version_to_accept(session, DOCUMENT, today):
        raise BadRequest("terms", "unknown")
    known.terms = version
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="terms.accepted", subject_kind="account",
        subject_id=actor.id, now=now, document=DOCUMENT, version=version,
    )  # fmt: skip
    session.flush()
