"""Terms and privacy notice in versions: each from a day on, in English and Spanish, readable for good.

The first version of each is a page of the program. Later ones are decided by the state as rows of the program's
settings (`terms_<document>`). A version that asks again counts for whoever agrees; a correction of words does not.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Refusal
from app.domain.program.models import ProgramSetting
from app.infra import audit

FIRST = {"terms": "2021-03", "privacy": "2021-03", "helpdesk": "2021-01"}
"""The documents with the version that the program came with."""
ACCEPTED = frozenset({"terms", "helpdesk"})
"""Documents that somebody agrees to; the privacy notice is only read."""
LONGEST = 40_000
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}[a-z0-9.-]{0,10}")
Why = Literal["missing", "malformed", "taken", "past", "too_long"]


class BadTerms(Refusal):
    """A value cannot be: `field` is version, text, text_es or day."""

    def __init__(self, name: str, reason: Why) -> None:
        super().__init__(f"{name}: {reason}")
        self.field, self.reason = name, reason


@dataclass(frozen=True, slots=True)
class Terms:
    """One version; its texts are Markdown, "" for the one that the program came with."""

    document: str
    version: str
    text: str = ""
    text_es: str = ""
    asks_again: bool = True
    effective_from: date | None = None
    decided_at: datetime | None = None
    decided_by_id: Any = None


@dataclass(frozen=True, slots=True)
class PublishTerms:
    """A new version from a day on; `asks_again`: whoever agreed to an earlier one is asked to agree to this."""

    document: str
    version: str
    text: str
    text_es: str
    asks_again: bool
    effective_from: date


def versions_of(session: Session, document: str) -> list[Terms]:
    """All versions of a document, the latest first; those for later days are among them."""
    rows = session.scalars(
        select(ProgramSetting)
        .where(ProgramSetting.key == _key(document))
        .order_by(ProgramSetting.effective_from.desc(), ProgramSetting.id.desc())
    )
    return [*(_terms(document, row) for row in rows), Terms(document, FIRST[document])]


def standing_terms(session: Session, document: str, day: date) -> list[Terms]:
    """The versions up to a day, the one that holds first."""
    return [one for one in versions_of(session, document) if one.effective_from is None or one.effective_from <= day]


def version_to_accept(session: Session, document: str, day: date) -> str:
    """The version that somebody must have agreed to on a day: the latest one that asks again."""
    return next(one.version for one in standing_terms(session, document, day) if one.asks_again)


def publish_terms(session: Session, actor: Actor, command: PublishTerms, *, today: date, now: datetime) -> None:
    """Decide on a new version. Raises BadTerms, NotAllowed, NotFound."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    version, texts = command.version.strip(), (command.text.strip(), command.text_es.strip())
    if not _VERSION.fullmatch(version):
        raise BadTerms("version", "malformed" if version else "missing")
    if version in {one.version for one in versions_of(session, command.document)}:
        raise BadTerms("version", "taken")
    for name, text in zip(("text", "text_es"), texts, strict=True):
        if not text:
            raise BadTerms(name, "missing")
        if len(text) > LONGEST:
            raise BadTerms(name, "too_long")
    if command.effective_from < today:
        raise BadTerms("day", "past")
    value = {"version": version, "text": texts[0], "text_es": texts[1], "asks_again": command.asks_again}
    made = ProgramSetting(
        key=_key(command.document), value=value, effective_from=command.effective_from, changed_at=now,
        changed_by_id=actor.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="program.terms_published", subject_kind="setting",
        subject_id=made.id, now=now, document=command.document, version=version,
    )  # fmt: skip


def _key(document: str) -> str:
    return f"terms_{document}"


def _terms(document: str, row: ProgramSetting) -> Terms:
    value = row.value
    return Terms(
        document, value["version"], value["text"], value["text_es"], bool(value["asks_again"]), row.effective_from,
        row.changed_at, row.changed_by_id,
    )  # fmt: skip
