"""Finding a case among a million: by number, e-mail, PIN, phone, names, organization; never by what was asked."""

import re
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, lazyload, load_only
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.accounts.access import Actor
from app.domain.accounts.names import fold_name
from app.domain.errors import NotFound
from app.domain.helpdesk.models import MIDDLES, STARTS, Case, CaseText, RequestType
from app.domain.helpdesk.queries import is_agent
from app.infra.search import TRIGRAM, fold, holds, starts_with

MOST_RESULTS = 50
CANDIDATES = 200
MOST_WORDS = 6
_SHOWN = (
    load_only(
        Case.number, Case.first_name, Case.last_name, Case.organization_name, Case.request_type_id, Case.team_id,
        Case.status, Case.opened_at,
    ),
    lazyload(Case.request_type), lazyload(Case.team),
)  # fmt: skip
"""What a list of results tells of a case; the rest is read when it is asked for.

Nothing is joined: a join makes PostgreSQL read and sort every case of a name, where its index has them in order and
fifty are enough.
"""
_NUMBER = re.compile(r"(?:CS)?0*([0-9]{1,7})")
_PIN_START = re.compile(r"NCA([0-9]{1,5})")
_WHOLE_PIN = re.compile(r"nca[0-9]{6}")
_PIN = re.compile(r"(?:NCA)?([0-9]{6})")


def search_cases(session: Session, actor: Actor, typed: str, *, limit: int = MOST_RESULTS) -> list[Case]:
    """Cases that may be meant by what was typed, the likeliest first, at most `limit`. Raises NotFound for others."""
    if not is_agent(actor):
        raise NotFound
    text = typed.strip()[:200]
    found: dict[UUID, Case] = {}
    kinds = {kind.id: kind for kind in session.scalars(select(RequestType))}
    exact = list(_exactly(text))
    for query in exact or _beginnings(text):
        for case in session.scalars(query.options(*_SHOWN).limit(limit)):
            found.setdefault(case.id, case)
        if len(found) >= limit:
            break
    if not found or (not exact and len(found) < limit):
        for case in _by_words(session, text.partition("@")[0], limit):
            found.setdefault(case.id, case)
    results = list(found.values())[:limit]
    for case in results:
        set_committed_value(case, "request_type", kinds[case.request_type_id])
    return results


def found_by(case: Case) -> str:
    """The text that a case is found by: folded, each word after a space.

    Of the e-mail address only what stands before the @: half of the people share a few domains, and a whole address
    has an index of its own.
    """
    mailbox = case.email.partition("@")[0]
    parts = (case.number, case.full_name, mailbox, case.organization_name, case.provider_pin, case.phone)
    return f" {fold(' '.join(part for part in parts if part))}"[:900]


def _exactly(text: str) -> Iterator[Select[Case]]:
    """A number, a PIN or a whole address: nothing else is meant, and each has an index."""
    plain = text.upper().replace(" ", "")
    if number := _NUMBER.fullmatch(plain):
        yield select(Case).where(Case.number == f"CS{int(number.group(1)):07d}")
    if pin := _PIN.fullmatch(plain):
        yield select(Case).where(Case.provider_pin == f"NCA{pin.group(1)}").order_by(Case.id.desc())
    if start := _PIN_START.fullmatch(plain):
        digits = start.group(1)
        within = Case.provider_pin.between(f"NCA{digits:0<6}", f"NCA{digits:9<6}")
        yield select(Case).where(within).order_by(Case.provider_pin, Case.id)
    if "@" in text:
        yield select(Case).where(Case.email_folded == fold_name(text)).order_by(Case.id.desc())


def _beginnings(text: str) -> Iterator[Select[Case]]:
    """Names that begin so, answered by an index."""
    folded = fold(text)
    if len(folded) >= 2:
        yield select(Case).where(starts_with(Case.name_folded, folded)).order_by(Case.name_folded, Case.id)
        yield select(Case).where(starts_with(Case.organization_folded, folded)).order_by(
            Case.organization_folded, Case.id
        )


def _by_words(session: Session, text: str, limit: int) -> list[Case]:
    """Words in any order, by how they begin; a single word also by its middle.

    A PIN among them leads by its own index: as words, all of them begin alike.
    """
    words = [word for word in fold(text).split() if word][:MOST_WORDS]
    query = select(Case).join(CaseText, CaseText.case_id == Case.id).options(*_SHOWN).order_by(Case.id.desc())
    pin = next((word for word in words if _WHOLE_PIN.fullmatch(word)), None)
    if pin is not None:
        others = [holds(CaseText.text, f" {word}") for word in words if word != pin]
        return list(session.scalars(query.where(Case.provider_pin == pin.upper(), *others).limit(limit)))
    if STARTS.knows(words):
        numbers = STARTS.keys_with(session, words, limit=CANDIDATES)
    elif any(len(word) >= TRIGRAM for word in words):
        numbers = MIDDLES.keys_with(session, words, also=[], limit=CANDIDATES)
    else:
        numbers = []
    if not numbers:
        return []
    return list(session.scalars(query.where(CaseText.number.in_(numbers)).limit(limit)))
