"""A corrected record withdraws its proofs at once; a job makes them anew, once, and says so in a mail without health data."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.accounts.access import system
from app.domain.recipients.closing.close_record import CloseRecord, OpenRecordAgain, close_record, open_record_again
from app.domain.vaccinations.check_proof import check_proof
from app.domain.vaccinations.correct_dose import CorrectDose, correct_dose
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof
from app.domain.vaccinations.models import HealthCard, Proof
from app.domain.vaccinations.remove_dose import RemoveDose, remove_dose
from app.domain.vaccinations.renewing.models import ProofRenewal
from app.infra import clock
from app.infra.outbox import OutboxMessage
from app.jobs.deliver_mail import deliver_due
from app.jobs.renew_proofs import renew_due
from tests import make
from tests.conftest import settings_for
from tests.make.eligibility import answer, registered
from tests.make.inventory import lot as make_lot
from tests.make.proofs import ISSUER
from tests.make.vaccinations import dose, nurse_at

CHANGED = "vaccinations.proof_changed"


@pytest.fixture
def clinic(session, now):
    return make.location(session)


@pytest.fixture
def given(session, clinic, maria):
    return dose(session, clinic, maria, make_lot(session, clinic))


@pytest.fixture
def maria(session, now):
    person = registered(session, email="maria@example.net")
    make.person(session, person.id, email="maria@example.net", first_name="Maria")
    return person


@pytest.fixture
def issue(session, storage, maria, given):
    def made(paper="letter", language="en"):
        which = WhichProof(maria.id, paper=paper, language=language)
        proof = issue_proof(
            session, system("test"), which, storage=storage, issuer=ISSUER, now=clock.now(), render=lambda *_: b"%PDF"
        )
        session.commit()
        return proof.code

    return made


@pytest.fixture
def renew(session, database, storage, settings):
    def act():
        session.commit()
        told = renew_due(database, storage, settings)
        session.expire_all()
        return told

    return act


def verdict(session, code):
    session.expire_all()
    return check_proof(session, code).verdict


def live(session):
    proofs = session.scalars(select(Proof).where(Proof.revoked_at.is_(None))).all()
    return sorted((proof.paper, proof.language) for proof in proofs)


def mails(session):
    return session.scalars(select(OutboxMessage).where(OutboxMessage.kind == CHANGED)).all()


def correct(session, clinic, given, **changed):
    told = {
        "site": "RA", "given_at": given.given_at, "clinician_name": "Dana Reed", "clinician_suffix": "RN",
        "lot_id": given.lot_id, "reason": "Wrong arm and name", **changed,
    }  # fmt: skip
    command = CorrectDose(
        clinic.id, given.id, told.pop("version", 1), told["reason"], told["lot_id"], told["site"], told["given_at"],
        told["clinician_name"], told["clinician_suffix"],
    )  # fmt: skip
    correct_dose(session, nurse_at(clinic.id), command, now=clock.now(), zone=ZoneInfo("America/New_York"))


def test_a_corrected_dose_brings_every_paper_and_language_anew_and_one_mail(session, clinic, given, maria, issue, renew):
    old = [issue(), issue("wallet", "es")]
    correct(session, clinic, given)
    assert [verdict(session, code) for code in old] == ["revoked", "revoked"]
    assert live(session) == []
    assert renew() == 1
    assert live(session) == [("letter", "en"), ("wallet", "es")]
    assert len(session.scalars(select(HealthCard).where(HealthCard.revoked_at.is_(None))).all()) == 1
    assert [mail.payload for mail in mails(session)] == [{"recipient_id": str(maria.id)}]
    assert renew() == 0
    assert len(mails(session)) == 1
    assert session.scalars(select(ProofRenewal)).all() == []


def test_a_corrected_name_does_the_same_and_the_mail_tells_no_more_than_that(
    session, maria, issue, renew, database, database_url, smtp, tmp_path
):
    issue()
    answer(session, maria, last_name="Lopes", language="es")
    assert renew() == 1
    deliver_due(database, settings_for(tmp_path, database_url, SMTP_URL=smtp.url))
    (mail,) = [mail for mail in smtp.messages if "/proof" in mail.get_content()]
    assert mail["To"].addresses[0].addr_spec == "maria@example.net"
    assert mail["Subject"] == "Su comprobante ha cambiado"
    assert f"/recipient/{maria.id}/proof" in mail.get_content()
    for word in ("dosis", "vacuna", "Pfizer", "Lopes", "1950"):
        assert word.lower() not in mail.get_content().partition("--")[0].lower()


def test_who_made_a_new_one_meanwhile_gets_no_second_one(session, maria, issue, renew):
    issue()
    answer(session, maria, last_name="Lopes")
    code = issue()
    renew()
    assert verdict(session, code) == "genuine"
    assert live(session) == [("letter", "en")]


def test_nothing_comes_anew_for_who_has_died_nor_a_mail_until_that_was_a_mistake(session, maria, issue, renew):
    issue()
    answer(session, maria, last_name="Lopes")
    day = clock.now().date()
    close_record(session, system("test"), CloseRecord(maria.id, day), now=clock.now(), today=day)
    assert renew() == 0
    assert (live(session), mails(session)) == ([], [])
    again = OpenRecordAgain(maria.id, "It was her mother")
    open_record_again(session, system("test"), again, now=clock.now(), today=day)
    assert renew() == 1
    assert live(session) == [("letter", "en")]


def test_where_the_last_dose_was_removed_the_person_is_told_and_a_dose_entered_later_brings_the_proof(
    session, clinic, given, maria, issue, renew
):
    issue()
    remove_dose(session, nurse_at(clinic.id), RemoveDose(clinic.id, given.id, 1, "Wrong person"), now=clock.now())
    assert renew() == 1
    assert (live(session), len(mails(session))) == ([], 1)
    dose(session, clinic, maria, make_lot(session, clinic, number="EN6200"))
    answer(session, maria, last_name="Lopes")
    assert renew() == 1
    assert live(session) == [("letter", "en")]


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(session, database, settings, clinic, given, maria, issue, renew):
    issue()
    issue("wallet")
    correct(session, clinic, given)
    session.commit()
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from app.infra.storage import FolderStorage
        from app import factory
        from app.jobs.renew_proofs import renew_due
        from tests.conftest import settings_for
        settings = settings_for(Path(sys.argv[1]), sys.argv[2])
        parts = factory.make_machines(settings)
        class Dying(FolderStorage):
            kept = 0
            def put(self, kind, data):
                self.kept += 1
                if self.kept == 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().put(kind, data)
        renew_due(parts.database, Dying(settings.storage_dir), settings)
        """
    )
    command = [sys.executable, "-c", script, str(settings.instance_dir), settings.database_url]
    killed = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(Path.cwd())}, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    session.expire_all()
    assert (live(session), mails(session)) == ([], [])
    assert renew() == 1
    assert live(session) == [("letter", "en"), ("wallet", "en")]
    assert len(mails(session)) == 1


def test_one_whose_proof_cannot_be_made_holds_up_nobody_and_is_tried_again(
    session, database, storage, settings, maria, issue, renew, clinic
):
    issue()
    answer(session, maria, last_name="Lopes")
    session.commit()

    class Full:
        def put(self, kind, data):
            raise OSError("no space left")

    assert renew_due(database, Full(), settings) == 0
    waiting = session.scalars(select(ProofRenewal).execution_options(populate_existing=True)).one()
    assert (waiting.attempts, waiting.due_at > clock.now()) == (1, True)
    assert renew() == 0
    waiting.due_at = clock.now()
    assert renew() == 1
    assert live(session) == [("letter", "en")]
