"""Sign-in names: what each realm calls a person, and how names are compared."""

import secrets
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.models import SignInName

ORGANIZATION_SUFFIX = ".cvms.org"


def fold_name(name: str) -> str:
    """A name as it is compared: case and stray spaces do not matter."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def is_taken(session: Session, realm: str, name: str) -> bool:
    """True when the realm has this name already."""
    found = session.scalar(
        select(SignInName.id).where(SignInName.realm == realm, SignInName.name_folded == fold_name(name))
    )
    return found is not None


def free_name(session: Session, realm: str, wanted: str) -> str:
    """The wanted name, or the next free one: `ann@x.org.cvms.org`, then `ann@x.org.2.cvms.org` (domain 7.1)."""
    candidate, number = wanted, 1
    while is_taken(session, realm, candidate):
        number += 1
        stem = wanted.removesuffix(ORGANIZATION_SUFFIX)
        tail = ORGANIZATION_SUFFIX if wanted != stem else ""
        candidate = f"{stem}.{number}{tail}"
    return candidate


def make_recipient_name(session: Session, first_name: str, last_name: str) -> str:
    """A user name made by the system, easy to read aloud, that is not the e-mail address: `mlopez-48213`."""
    letters = unicodedata.normalize("NFKD", f"{first_name[:1]}{last_name}")
    stem = "".join(letter for letter in letters.casefold() if "a" <= letter <= "z")[:12] or "user"
    while True:
        candidate = f"{stem}-{secrets.randbelow(90000) + 10000}"
        if not is_taken(session, "recipient", candidate):
            return candidate
