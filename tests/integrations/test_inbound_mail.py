"""Answers by mail, handed over by a mail server that speaks LMTP: each reaches its case once, and machines are not answered."""

import smtplib
import socket
import uuid
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from sqlalchemy import func, select

from app.domain.helpdesk.models import Attachment, Comment
from app.domain.helpdesk.work_case import Reply, Seen, ask_for_information
from app.infra import outbox
from app.infra.outbox import OutboxMessage
from app.integrations.inbound_mail.listener import make_listener
from app.integrations.inbound_mail.read_mail import NotAMail, read_mail
from app.jobs.take_mail import take_mail
from tests import make
from tests.make import helpdesk

QUOTED = """It was on Tuesday.

On Wed, Mar 10, 2021 at 10:00 AM CVMS <no-reply@cvms.example.org> wrote:
> Which day was it?
> Read it and answer here.
"""


@pytest.fixture
def case(session, storage, now):
    """A case in which the requester was asked something."""
    made = helpdesk.opened(session, storage, email="maria@example.org")
    agent = make.actor(session, helpdesk.agent(session, "recipients"))
    reply = Reply(Seen(made.number, made.version), "Which day?")
    ask_for_information(session, agent, reply, storage=storage, now=now, today=now.date())
    session.commit()
    return made


@pytest.fixture
def send(database, storage, settings, now):
    """Hand a mail over as the site's mail server does; None, or the answer with which it was refused."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    listener = make_listener(
        lambda mail: take_mail(database, storage, mail, zone=settings.zone, now=now), host="127.0.0.1", port=port
    )
    listener.start()

    def hand_over(message, to):
        with smtplib.LMTP("127.0.0.1", port) as server:
            try:
                server.sendmail("maria@example.org", [to], message.as_bytes())
            except smtplib.SMTPDataError as refused:
                return refused.smtp_error.decode()
            except smtplib.SMTPResponseException as refused:
                return str(refused.smtp_error)
        return None

    yield hand_over
    listener.stop()


def mail(text=QUOTED, sender="Maria Lopez <maria@example.org>", **headers):
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = sender, "Re: We need something", make_msgid()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def address(case):
    return f"help+{case.reply_token}@cvms.test"


def answers(session, case):
    session.expire_all()
    rows = session.scalars(select(Comment).where(Comment.case_id == case.id).order_by(Comment.id))
    return [(row.by, row.is_public, row.text) for row in rows][1:]


def test_an_answer_reaches_its_case_without_what_it_quotes_and_stops_the_clock(session, case, send):
    assert send(mail(), address(case)) is None
    assert answers(session, case) == [("requester", True, "It was on Tuesday.")]
    assert (case.status, case.clock_on) == ("open", None)


def test_the_same_mail_twice_is_one_answer(session, case, send):
    message = mail()
    assert [send(message, address(case)) for _ in range(2)] == [None, None]
    assert len(answers(session, case)) == 1


def test_files_come_along_and_what_is_not_taken_is_noted_for_the_agents(session, case, send):
    message = mail("See the list.")
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="list.csv")
    message.add_attachment(b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="setup.exe")
    send(message, address(case))
    assert session.scalars(select(Attachment.filename)).all() == ["list.csv"]
    assert ("system", False, "Left out: setup.exe (kind)") in answers(session, case)


def test_an_answer_from_another_address_is_taken_and_the_agents_are_told(session, case, send):
    send(mail("I am her son.", sender="Ben <ben@example.net>"), address(case))
    assert answers(session, case) == [
        ("requester", True, "I am her son."), ("system", False, "Came from another address: ben@example.net"),
    ]  # fmt: skip


def test_a_page_as_mail_becomes_plain_words(session, case, send):
    message = mail()
    message.set_content("<p>On <b>Tuesday</b>.</p><script>alert(1)</script><p>Thanks &amp; bye</p>", subtype="html")
    send(message, address(case))
    text = answers(session, case)[0][2]
    assert "On Tuesday." in text
    assert "Thanks & bye" in text
    assert "alert" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<news.example.org>"},
    ],
)
def test_what_a_machine_sent_is_taken_and_forgotten(session, case, send, headers):
    assert send(mail("I am out of office.", **headers), address(case)) is None
    assert answers(session, case) == []
    assert case.status == "awaiting_info"


@pytest.mark.parametrize("to", ["help@cvms.test", f"help+{'0' * 20}@cvms.test", "somebody@cvms.test"])
def test_a_mail_that_answers_no_case_is_refused(session, case, send, to):
    refused = send(mail(), to)
    assert "No request has this address" in refused
    assert answers(session, case) == []


def report_on(sent, action):
    """What a mail server says of one of our mails."""
    told = (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: no-reply@cvms.test\r\nSubject: Undelivered\r\n"
        "Message-ID: <b1@mx.example.org>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nSomething about a mail.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; maria@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{sent.id}@cvms.test>\r\nSubject: x\r\n\r\ny\r\n--x--\r\n"
    )

    class Raw:
        def as_bytes(self):
            return told.encode()

    return Raw()


@pytest.fixture
def sent(session, case, now):
    one = session.scalars(select(OutboxMessage).limit(1)).one()
    one.status, one.done_at = "done", now
    session.commit()
    return one


def test_our_own_mail_that_came_back_is_seen_as_failed(session, sent, send):
    assert send(report_on(sent, "failed"), "no-reply@cvms.test") is None
    session.expire_all()
    assert session.get(OutboxMessage, sent.id).status == "failed"
    assert "no such user" in outbox.troubled(session)[0].last_error


@pytest.mark.parametrize("action", ["delayed", "relayed", "Delivered"])
def test_our_own_mail_that_is_late_or_has_arrived_did_not_come_back(session, sent, send, action):
    assert send(report_on(sent, action), "no-reply@cvms.test") is None
    session.expire_all()
    assert session.get(OutboxMessage, sent.id).status == "done"


def test_a_mail_that_breaks_us_is_left_with_the_other_server(session, case, storage, now):
    def break_down(_mail):
        raise OSError("disk full")

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    listener = make_listener(break_down, host="127.0.0.1", port=port)
    listener.start()
    try:
        with smtplib.LMTP("127.0.0.1", port) as server, pytest.raises(smtplib.SMTPResponseException) as refused:
            server.sendmail("a@example.org", [address(case)], mail().as_bytes())
        assert refused.value.smtp_code == 451
    finally:
        listener.stop()
    assert session.scalar(select(func.count()).select_from(Comment).where(Comment.by == "requester")) == 0


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe", b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 400])
def test_rubbish_is_no_mail(data):
    try:
        said = read_mail(data, [f"help+{uuid.uuid4().hex[:20]}@x"]).text
    except NotAMail:
        said = ""
    assert said == ""
