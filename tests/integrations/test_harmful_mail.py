"""Files that come with a mail are looked through like those of a form; while nobody can do so, the mail waits outside."""

import smtplib
from email.policy import SMTP

import pytest
from sqlalchemy import select

from app.domain.helpdesk.models import Attachment
from app.infra.harmful import Scanner
from app.integrations.inbound_mail.listener import make_listener
from app.jobs.take_mail import take_mail
from tests.clamd import EICAR
from tests.domain.test_program_settings import decide
from tests.integrations.test_inbound_mail import address, answers, case, mail
from tests.mailbox import free_port

__all__ = ["case"]


@pytest.fixture
def send(database, session, storage, settings, clamd, now):
    """Hand a mail over as the site's mail server does; the code of the answer."""
    port, scanner = free_port(), Scanner(clamd.url, seconds=0.3)
    listener = make_listener(
        lambda mail: take_mail(database, storage, mail, scanner=scanner, zone=settings.zone, now=now),
        host="127.0.0.1", port=port,
    )  # fmt: skip
    listener.start()

    def hand_over(message, case):
        to = address(case) if case else "help+00000000000000000000@cvms.example.org"
        session.rollback()
        with smtplib.LMTP("127.0.0.1", port) as server:
            try:
                server.sendmail("maria@example.org", [to], message.as_bytes(policy=SMTP))
            except smtplib.SMTPResponseException as refused:
                return refused.smtp_code
        return 250

    yield hand_over
    listener.stop()


def with_files(*files):
    message = mail("See the list.")
    for name, data in files:
        message.add_attachment(data, maintype="text", subtype="plain", filename=name)
    return message


def names(session):
    session.rollback()
    return session.scalars(select(Attachment.filename)).all()


def test_a_harmful_file_is_left_out_of_the_case_and_the_agents_read_so(session, case, send, storage):
    message = with_files(("list.txt", b"a,b\n"), ("evil.txt", EICAR))
    assert send(message, case) == 250
    assert names(session) == ["list.txt"]
    assert ("system", False, "Left out: evil.txt (harmful)") in answers(session, case)
    assert len([path for path in storage.root.rglob("*") if path.is_file()]) == 1


def test_a_mail_whose_files_nobody_can_look_through_is_left_with_the_other_server_and_taken_later(
    session, case, send, clamd
):
    message = with_files(("list.txt", b"a,b\n"))
    clamd.wait.clear()
    assert send(message, case) == 451
    assert (names(session), answers(session, case)) == ([], [])
    assert send(mail("Words alone."), case) == 250
    clamd.wait.set()
    assert send(message, case) == 250
    assert names(session) == ["list.txt"]
    assert [said[2] for said in answers(session, case)] == ["Words alone.", "See the list."]


def test_a_file_that_is_too_large_for_the_scanner_is_left_out_of_a_mail(session, case, send, clamd):
    clamd.says = b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\n"
    assert send(with_files(("list.txt", b"a,b\n")), case) == 250
    assert names(session) == []
    assert answers(session, case)[-1] == ("system", False, "Left out: list.txt (too_big)")


def test_a_mail_to_an_address_that_we_never_gave_does_not_keep_the_scanner_busy(session, case, send, clamd):
    clamd.wait.clear()
    assert send(with_files(("list.txt", b"a,b\n")), None) == 550
    assert clamd.seen == []


def test_a_mail_into_a_case_that_is_full_of_files_brings_its_words(session, case, send):
    for _ in range(8):
        assert send(with_files(*[(f"{number}.txt", b"x") for number in range(5)]), case) == 250
    assert len(names(session)) == 40
    assert send(with_files(("one more.txt", b"x")), case) == 250
    assert len(names(session)) == 40
    assert answers(session, case)[-1] == ("system", False, "Left out: one more.txt (too_many)")


def test_a_requester_whose_day_is_full_of_files_is_heard_and_the_files_are_left_out(session, case, send, now):
    decide(session, now, "files_a_day", "10", now.date())
    for _ in range(2):
        assert send(with_files(*[(f"{number}.txt", b"x") for number in range(5)]), case) == 250
    assert send(with_files(("one more.txt", b"x")), case) == 250
    assert len(names(session)) == 10
    assert answers(session, case)[-1] == ("system", False, "Left out: one more.txt (too_many)")
