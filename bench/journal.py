"""What the program confirmed, as those who asked for it wrote it down; and whether it is all there, once, afterwards."""

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.models import Account
from app.domain.inventory.models import Lot, Shipment, StockEntry
from app.domain.inventory.queries import balances_that_differ
from app.domain.recipients.joining.models import SelfRegistration
from app.domain.recipients.models import Recipient
from app.domain.uploads.models import Upload, UploadRow
from app.domain.vaccinations.models import Administration, Visit
from app.infra.outbox import OutboxMessage
from tests.mailbox import Mailbox


@dataclass
class Journal:
    """Confirmed acts by kind, each as a text that names it; also kept as a file, line by line."""

    path: Path
    acts: dict[str, list[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, what: str) -> None:
        """Somebody saw that this was done."""
        with self._lock:
            self.acts.setdefault(kind, []).append(what)
            with self.path.open("a") as file:
                file.write(json.dumps([kind, what]) + "\n")

    def of(self, kind: str) -> list[str]:
        """The acts of a kind."""
        return self.acts.get(kind, [])

    @property
    def count(self) -> int:
        """How many acts were confirmed."""
        return sum(map(len, self.acts.values()))


@dataclass
class Reckoning:
    """Sentences about what is wrong; none is the aim."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def compare(self, kind: str, confirmed: list[str], there: list[str]) -> None:
        """What was confirmed is there once, and nothing else is: everybody insisted until they had an answer."""
        asked, found = Counter(confirmed), Counter(there)
        self.lost += [f"{kind} {one}" for one in asked if one not in found]
        self.doubled += [f"{kind} {one}: {count} times" for one, count in found.items() if count > max(asked[one], 1)]
        self.wrong += [f"{kind} {one} was never confirmed" for one in found if one not in asked]


def reckon(session: Session, journal: Journal, mailbox: Mailbox) -> Reckoning:
    """Compare what was confirmed with what is there, once all work in the background is done."""
    found = Reckoning()
    given = session.scalars(select(Administration.visit_id).where(Administration.status == "completed"))
    found.compare("dose", journal.of("dose"), _texts(given))
    drawn = session.scalars(
        select(Administration.visit_id).join(StockEntry, StockEntry.subject_id == Administration.id)
    )
    found.compare("dose in the ledger", journal.of("dose"), _texts(drawn))
    found.compare("visit", journal.of("visit"), _texts(session.scalars(select(Visit.id))))
    received = session.execute(select(Lot.number, Shipment.doses_received).join(Lot, Lot.id == Shipment.lot_id))
    arrived = [f"{number} {doses}" for number, doses in received if not number.startswith("FIRST")]
    found.compare("receipt", journal.of("receipt"), arrived)
    found.compare("upload", journal.of("upload"), _texts(session.scalars(select(Upload.id))))
    new = session.scalars(select(Recipient.email).where(Recipient.email.not_like("listed%"), Recipient.email.is_not(None)))
    people = [*journal.of("walk-in"), *journal.of("uploaded"), *journal.of("registered")]
    found.compare("person", people, [str(mail) for mail in new])
    asked = session.scalars(select(SelfRegistration.email))
    found.compare("request to register", journal.of("registration"), [str(mail) for mail in asked])
    own = session.scalars(select(Account.email).where(Account.email.like("selfreg%")))
    found.compare("account", journal.of("registered"), [str(mail) for mail in own])
    _look_at_rest(session, found)
    _look_at_mails(session, journal, mailbox, found)
    return found


def _look_at_rest(session: Session, found: Reckoning) -> None:
    found.wrong += [f"lot {lot}: balance {balance}, ledger {total}" for lot, balance, total in balances_that_differ(session)]
    unsettled = select(func.count()).select_from(UploadRow).where(UploadRow.fate.in_(("waiting", "mistaken", "held")))
    if count := session.scalar(unsettled):
        found.wrong.append(f"{count} rows of uploads have no good end")
    undone = session.scalars(select(Upload.id).where(Upload.status != "done"))
    found.wrong += [f"upload {one} has not ended" for one in undone]


def _look_at_mails(session: Session, journal: Journal, mailbox: Mailbox, found: Reckoning) -> None:
    """Each mail went out once, or is marked unsure; for each act that mails there is one."""
    arrived = Counter(_id_of(message) for message in list(mailbox.messages))
    mails: list[Any] = list(session.execute(
        select(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.status, OutboxMessage.sending_since)
    ))  # fmt: skip
    for mail in mails:
        times = arrived.pop(str(mail.id), 0)
        if mail.status == "done" and mail.sending_since is not None and times != 1:
            (found.doubled if times else found.lost).append(f"mail {mail.kind} {mail.id}: arrived {times} times")
        elif mail.status == "unsure" and times > 1:
            found.doubled.append(f"unsure mail {mail.kind} {mail.id}: arrived {times} times")
        elif mail.status not in {"done", "unsure"}:
            found.wrong.append(f"mail {mail.kind} {mail.id} is {mail.status}, arrived {times} times")
    found.wrong += [f"a mail that nobody wrote: {one}" for one in arrived]
    kinds = Counter(mail.kind for mail in mails)
    for kind, acts in (("vaccinations.dose_recorded", "dose"), ("recipients.self_registration_asked", "registration")):
        if kinds[kind] != len(journal.of(acts)):
            found.wrong.append(f"{kinds[kind]} mails {kind} for {len(journal.of(acts))} acts")


def unsure_mails(session: Session) -> int:
    """How many mails staff must decide about."""
    return session.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.status == "unsure")) or 0


def _id_of(message: Any) -> str:
    return str(message["Message-ID"]).strip("<>").partition("@")[0]


def _texts(ids: Any) -> list[str]:
    return [str(one) for one in ids if isinstance(one, UUID)]
