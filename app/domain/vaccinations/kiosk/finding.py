"""Whom a kiosk means: by what somebody typed, or by a code that was scanned. Exactly, and nobody else's name is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.recipients.models import Recipient
from app.domain.recipients.records import kept_record
from app.domain.vaccinations.check_card import CardContents, check_card, day_of
from app.domain.vaccinations.models import HealthCard, Proof
from app.domain.vaccinations.proof_codes import read_code
from app.infra.health_cards.digits import token_of
from app.infra.health_cards.signed import read
from app.infra.search import fold

LONGEST_SCAN = 6000
_MOST_LOOKED_AT = 100
_CODE_LENGTHS = range(8, 11)


@dataclass(frozen=True, slots=True)
class Typed:
    """The answers to the three questions. `detail`: the phone's last four digits, the ZIP, or the visit code."""

    last_name: str
    birth_date: date
    detail: str

    @property
    def person_key(self) -> str:
        """For counting wrong tries at one person."""
        return f"{fold(self.last_name)}|{self.birth_date.isoformat()}"


def find_typed(session: Session, typed: Typed) -> list[Recipient]:
    """The people, as the records that were kept, whom all three answers fit."""
    last, detail = fold(typed.last_name), "".join(sign for sign in typed.detail.upper() if sign.isalnum())
    if not last or not detail:
        return []
    same = session.scalars(
        select(Recipient)
        .where(Recipient.birth_date == typed.birth_date, Recipient.last_folded == last)
        .order_by(Recipient.id)
        .limit(_MOST_LOOKED_AT)
    )
    return _kept(session, (one.id for one in same if detail in _details(one)))


def find_scanned(session: Session, text: str, *, demonstration: bool, now: datetime) -> list[Recipient] | None:
    """The people whose code this is: of an invitation, a proof or a health card. None for a text that is no such code."""
    plain = text[:LONGEST_SCAN].strip()
    token = token_of(plain)
    if token is not None:
        return _of_card(session, token, demonstration=demonstration, now=now)
    proof = read_code(plain.rpartition("/proof/")[2].split("?")[0])
    if proof is not None:
        query = select(Proof.recipient_id).where(
            Proof.code == proof, Proof.revoked_at.is_(None) | (Proof.revoked_because == "replaced")
        )
        return _kept(session, session.scalars(query))
    code = "".join(sign for sign in plain.upper() if sign.isalnum())
    if len(code) not in _CODE_LENGTHS or not code.isascii() or len(plain) > 2 * len(code):
        return None
    return _kept(session, session.scalars(select(Recipient.id).where(Recipient.code == code)))


def _of_card(session: Session, token: str, *, demonstration: bool, now: datetime) -> list[Recipient] | None:
    checked = check_card(session, token, demonstration=demonstration, now=now)
    if checked.verdict == "misread":
        return None
    if checked.verdict in {"genuine", "replaced"} and checked.is_ours:
        rid = read(token).claims["vc"]["rid"]
        return _kept(session, session.scalars(select(HealthCard.recipient_id).where(HealthCard.rid == rid)))
    if checked.verdict == "genuine" and checked.contents is not None:
        return _named_on(session, checked.contents)
    return []


def _named_on(session: Session, card: CardContents) -> list[Recipient]:
    """A card of an issuer that the state trusts names the person itself: name and birth date must be ours exactly."""
    born, name = day_of(card.birth_date), fold(card.name)
    if born is None or not name:
        return []
    words = name.split()
    last_names = [" ".join(words[place:]) for place in range(1, len(words))] or words
    same = session.scalars(select(Recipient).where(Recipient.birth_date == born, Recipient.last_folded.in_(last_names)))
    return _kept(session, (one.id for one in same if name in _spelled(one)))


def _spelled(recipient: Recipient) -> set[str]:
    middle = fold(recipient.middle_name)
    first, last = recipient.first_folded, recipient.last_folded
    return {f"{first} {last}", f"{first} {middle} {last}", f"{first} {middle[:1]} {last}"}


def _details(recipient: Recipient) -> set[str]:
    digits = "".join(sign for sign in recipient.zip if sign.isdigit())
    told = {recipient.phone, recipient.phone[-4:], digits[:5], digits, recipient.code.upper()}
    return {detail for detail in told if len(detail) >= 4}


def _kept(session: Session, ids: Iterable[UUID]) -> list[Recipient]:
    records = {kept.id: kept for one in ids if (kept := kept_record(session, one)) is not None}
    return list(records.values())
