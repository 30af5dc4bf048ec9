"""Records of people as the overseers name them: by their code, which names nobody."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.recipients.models import Recipient


def codes_of_records(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The codes of several records, by id; ids that there are not are missing."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Recipient.id, Recipient.code).where(Recipient.id.in_(wanted)))
    return {id_: code for id_, code in rows}  # noqa: C416 - a Row is no pair to mypy
