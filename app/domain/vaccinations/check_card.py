"""Is a health card genuine? Asked with the card itself: nothing is kept, neither the card nor who asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.program.models import Product
from app.domain.vaccinations.health_cards import CVX
from app.domain.vaccinations.models import HealthCard, SigningKey, TrustedIssuer
from app.infra.health_cards.signed import NotACard, Unchecked, is_signed_by, read

Verdict = Literal["genuine", "replaced", "revoked", "expired", "too_early", "changed", "unknown", "misread"]
_LONGEST_TEXT, _MOST_ENTRIES = 120, 40


@dataclass(frozen=True, slots=True)
class CardDose:
    """A dose as a card tells it; what the card does not say is empty."""

    given_on: str
    vaccine: str
    lot_number: str
    place: str


@dataclass(frozen=True, slots=True)
class CardContents:
    """Whom the card is of and its doses, in its own order. `birth_date` and days as the card writes them: 2021-03-10."""

    name: str
    birth_date: str
    doses: tuple[CardDose, ...]


@dataclass(frozen=True, slots=True)
class CardCheck:
    """The answer. `contents` is told for a genuine card only. `issuer`: a trusted one's name, empty for our own.

    `changed`: it names a key that we know, which did not sign it as it is. `unknown`: nobody that we know signed it.
    """

    verdict: Verdict
    issuer: str = ""
    contents: CardContents | None = None

    @property
    def is_ours(self) -> bool:
        """True for a card of this program."""
        return not self.issuer


def check_card(session: Session, token: str, *, demonstration: bool, now: datetime) -> CardCheck:
    """What can be said about a card: its signature, its dates, and for our own whether it was revoked."""
    try:
        card = read(token)
    except NotACard:
        return CardCheck("misread")
    if not _can_be_asked_for(card.kid):
        return CardCheck("unknown")
    ours = session.scalar(
        select(SigningKey).where(SigningKey.kid == card.kid, SigningKey.demonstration == demonstration)
    )
    if ours is not None:
        return _our_own(session, card, ours, now)
    return _of_others(session, card, now)


def _can_be_asked_for(value: Any) -> bool:
    """False for what databases stumble over (NUL, halves of signs): keys and addresses are plain texts."""
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _our_own(session: Session, card: Unchecked, key: SigningKey, now: datetime) -> CardCheck:
    if not is_signed_by(card.token, key.public):
        return CardCheck("changed")
    rid = _at(card.claims, "vc", "rid")
    issued = session.scalar(select(HealthCard).where(HealthCard.rid == rid)) if isinstance(rid, str) else None
    if issued is None or issued.kid != card.kid:
        # Signed with our key and in no book of ours: the key or the books are not what they were.
        return CardCheck("unknown")
    if issued.revoked_at is not None:
        return CardCheck("replaced" if issued.revoked_because == "replaced" else "revoked")
    return _in_time(session, card, "", now)


def _of_others(session: Session, card: Unchecked, now: datetime) -> CardCheck:
    url = card.claims.get("iss")
    asked = select(TrustedIssuer).where(TrustedIssuer.url == url)
    issuer = session.scalar(asked) if _can_be_asked_for(url) else None
    key = next((key for key in issuer.keys if key["kid"] == card.kid), None) if issuer is not None else None
    if issuer is None or key is None:
        return CardCheck("unknown")
    if not is_signed_by(card.token, key):
        return CardCheck("changed", issuer.name)
    return _in_time(session, card, issuer.name, now)


def _in_time(session: Session, card: Unchecked, issuer: str, now: datetime) -> CardCheck:
    """No verifier that we know of looks at the dates, so we do: seconds since 1970, with fractions."""
    begins, ends = card.claims.get("nbf"), card.claims.get("exp")
    if begins is None or not all(_is_number(moment) for moment in (begins, ends) if moment is not None):
        return CardCheck("misread", issuer)
    if begins > now.timestamp():
        return CardCheck("too_early", issuer)
    if ends is not None and ends <= now.timestamp():
        return CardCheck("expired", issuer)
    contents = _contents(card.claims, _names_of_vaccines(session))
    return CardCheck("genuine", issuer, contents) if contents else CardCheck("misread", issuer)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _names_of_vaccines(session: Session) -> dict[str, str]:
    """What our products call the federal codes, without the kind of vial."""
    rows = session.execute(select(Product.cvx, Product.name).order_by(Product.name.desc()))
    return {row[0]: row[1].split(",")[0] for row in rows}


def _contents(claims: Mapping[str, Any], vaccines: Mapping[str, str]) -> CardContents | None:
    """What the card says; None where it is no card of one person's doses."""
    entries = _at(claims, "vc", "credentialSubject", "fhirBundle", "entry")
    resources = [_at(entry, "resource") for entry in entries[:_MOST_ENTRIES]] if isinstance(entries, list) else []
    people = [one for one in resources if _at(one, "resourceType") == "Patient"]
    doses = [one for one in resources if _at(one, "resourceType") == "Immunization"]
    if len(people) != 1 or not doses:
        return None
    return CardContents(
        _name(_at(people[0], "name", 0)),
        _text(_at(people[0], "birthDate")),
        tuple(_dose(dose, vaccines) for dose in doses),
    )


def _name(name: Any) -> str:
    given = _at(name, "given")
    parts = [_text(part) for part in given] if isinstance(given, list) else []
    return " ".join(part for part in (*parts, _text(_at(name, "family"))) if part) or _text(_at(name, "text"))


def _dose(dose: Any, vaccines: Mapping[str, str]) -> CardDose:
    code = _text(_at(dose, "vaccineCode", "coding", 0, "code"))
    known = vaccines.get(code) if _at(dose, "vaccineCode", "coding", 0, "system") == CVX else None
    return CardDose(
        _text(_at(dose, "occurrenceDateTime"))[:10],
        known or (f"CVX {code}" if code else ""),
        _text(_at(dose, "lotNumber")),
        _text(_at(dose, "performer", 0, "actor", "display")),
    )


def _at(value: Any, *path: str | int) -> Any:
    """What stands there in the JSON, or None: cards of others may be shaped in any way."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _text(value: Any) -> str:
    """A line that can be shown: no signs that nobody sees or that turn the line around."""
    return "".join(sign for sign in value if sign.isprintable())[:_LONGEST_TEXT] if isinstance(value, str) else ""


def day_of(written: str) -> date | None:
    """A day as cards write it; None where it is none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
