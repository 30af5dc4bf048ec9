"""Finding a case among a million: by number, e-mail, PIN, phone, names, organization; never by what was asked."""

import re
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.accounts.names import fold_name
from app.domain.errors import NotFound
from app.domain.helpdesk.models import MIDDLES, Case, CaseText
from app.domain.helpdesk.queries import is_agent
from app.infra.search import TRIGRAM, fold, starts_with

MOST_RESULTS = 50
CANDIDATES = 200
_NUMBER = re.compile(r"(?:CS)?0*([0-9]{1,9})")


def search_cases(session: Session, actor: Actor, typed: str, *, limit: int = MOST_RESULTS) -> list[Case]:
    """Cases that may be meant by what was typed, the likeliest first, at most `limit`. Raises NotFound for others."""
    if not is_agent(actor):
        raise NotFound
    text = typed.strip()[:200]
    found: dict[UUID, Case] = {}
    for query in _queries(text):
        for case in session.scalars(query.limit(limit)):
            found.setdefault(case.id, case)
        if len(found) >= limit:
            break
    if len(found) < limit:
        for case in _by_middles(session, text, limit):
            found.setdefault(case.id, case)
    return list(found.values())[:limit]


def _queries(text: str) -> Iterator[Select[Case]]:
    """Exact things first, then beginnings of names; each answered by an index."""
    number = _NUMBER.fullmatch(text.upper().replace(" ", ""))
    if number:
        yield select(Case).where(Case.number == f"CS{int(number.group(1)):07d}")
    if "@" in text:
        email = fold_name(text)
        yield select(Case).where(Case.email_folded == email).order_by(Case.id.desc())
    folded = fold(text)
    if len(folded) >= 2:
        yield select(Case).where(starts_with(Case.name_folded, folded)).order_by(Case.name_folded, Case.id)
        yield select(Case).where(starts_with(Case.organization_folded, folded)).order_by(
            Case.organization_folded, Case.id
        )


def _by_middles(session: Session, text: str, limit: int) -> list[Case]:
    words = [word for word in fold(text).split() if word][:6]
    if not any(len(word) >= TRIGRAM for word in words):
        return []
    numbers = MIDDLES.keys_with(session, words, also=[], limit=CANDIDATES)
    if not numbers:
        return []
    query = select(Case).join(CaseText, CaseText.case_id == Case.id).where(CaseText.number.in_(numbers))
    return list(session.scalars(query.order_by(Case.id.desc()).limit(limit)))
