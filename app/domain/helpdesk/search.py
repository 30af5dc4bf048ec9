"""Finding a case among a million: by number, e-mail, PIN, phone, names, organization; never by what was asked."""

import re
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.accounts.names import fold_name
from app.domain.errors import NotFound
from app.domain.helpdesk.models import MIDDLES, STARTS, Case, CaseText
from app.domain.helpdesk.queries import is_agent
from app.infra.search import TRIGRAM, fold, starts_with

MOST_RESULTS = 50
CANDIDATES = 200
MOST_WORDS = 6
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
    else:
        if not found or not _names_one(text):
            for case in _by_words(session, text, limit):
                found.setdefault(case.id, case)
    return list(found.values())[:limit]


def found_by(case: Case) -> str:
    """The text that a case is found by: folded, each word after a space.

    Of the e-mail address only what stands before the @: half of the people share a few domains, and a whole address
    has an index of its own.
    """
    mailbox = case.email.partition("@")[0]
    parts = (case.number, case.full_name, mailbox, case.organization_name, case.provider_pin, case.phone)
    return f" {fold(' '.join(part for part in parts if part))}"[:900]


def _names_one(text: str) -> bool:
    """A case number or a whole address: nothing else is meant."""
    return "@" in text or (text[:2].upper() == "CS" and text[2:].strip().isdecimal())


def _queries(text: str) -> Iterator[Select[Case]]:
    """Exact things first, then beginnings of names; each answered by an index."""
    number = _NUMBER.fullmatch(text.upper().replace(" ", ""))
    if number:
        yield select(Case).where(Case.number == f"CS{int(number.group(1)):07d}")
    if "@" in text:
        yield select(Case).where(Case.email_folded == fold_name(text)).order_by(Case.id.desc())
    folded = fold(text)
    if len(folded) >= 2 and not _names_one(text):
        yield select(Case).where(starts_with(Case.name_folded, folded)).order_by(Case.name_folded, Case.id)
        yield select(Case).where(starts_with(Case.organization_folded, folded)).order_by(
            Case.organization_folded, Case.id
        )


def _by_words(session: Session, text: str, limit: int) -> list[Case]:
    """Words in any order, by how they begin; a single word also by its middle."""
    words = [word for word in fold(text).split() if word][:MOST_WORDS]
    if STARTS.knows(words):
        numbers = STARTS.keys_with(session, words, limit=CANDIDATES)
    elif any(len(word) >= TRIGRAM for word in words):
        numbers = MIDDLES.keys_with(session, words, also=[], limit=CANDIDATES)
    else:
        numbers = []
    if not numbers:
        return []
    query = select(Case).join(CaseText, CaseText.case_id == Case.id).where(CaseText.number.in_(numbers))
    return list(session.scalars(query.order_by(Case.id.desc()).limit(limit)))
