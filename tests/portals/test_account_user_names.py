"""A user name is asked for by e-mail: the page tells nothing, the mail tells all names of the mailbox."""

from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import text_of
from tests.make.vaccinations import someone

FIND = "/account/recipient/find-user-name"


def mails(site):
    site.session.rollback()
    machines = site.app.extensions["cvms"]
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as session:
        return latest_mails(session)


def family(session):
    """Two people with one mailbox, one of whom is a nurse, too; and somebody else."""
    clinic = make.location(session)
    for name, first_name, email in (
        ("mlopez-11111", "Maria", "home@example.net"),
        ("jlopez-22222", "José", "Home@Example.net"),
        ("other-33333", "Olga", "other@example.net"),
    ):
        patient = someone(session, clinic, first_name=first_name)
        make.person(session, patient.id, name=name, first_name=first_name, email=email)
    make.manager(session, clinic, name="mmiller", email="home@example.net")


def test_the_mail_lists_the_names_of_everybody_with_this_mailbox_and_no_others(site, session, now):
    family(session)
    page = site.open("/account/sign-in/recipient")
    assert page.select(f'a[href="{FIND}"]')
    page = site.submit(site.open(FIND), email=" HOME@example.net")
    assert text_of(page, "h1") == "Now, check your email"
    (mail,) = mails(site)
    assert mail.to.casefold() == "home@example.net"
    assert "M: mlopez-11111" in mail.text
    assert "J: jlopez-22222" in mail.text
    assert "other" not in mail.text
    assert "mmiller" not in mail.text


def test_a_mailbox_that_nobody_has_gets_no_mail_and_the_same_page(site, session, now):
    family(session)
    known = text_of(site.submit(site.open(FIND), email="home@example.net"))
    unknown = text_of(site.submit(site.open(FIND), email="nobody@example.net"))
    assert known == unknown
    assert [mail.to.casefold() for mail in mails(site)] == ["home@example.net"]


def test_names_of_another_portal_are_asked_for_there(site, session, now):
    family(session)
    site.submit(site.open("/account/provider/find-user-name"), email="home@example.net")
    (mail,) = mails(site)
    assert "mmiller" in mail.text
    assert "mlopez" not in mail.text
    site.open("/account/nowhere/find-user-name", expect=404)


def test_a_mailbox_is_not_flooded_and_an_address_that_asks_too_often_waits(site, session, now):
    family(session)
    for _ in range(20):
        site.submit(site.open(FIND), email="home@example.net")
    page = site.submit(site.open(FIND), email="other@example.net", expect=422)
    assert "fifteen minutes" in text_of(page)
    assert len(mails(site)) == 5


def test_what_is_no_address_is_said_beside_the_field(site, session, now):
    page = site.submit(site.open(FIND), email="home at example", expect=422)
    assert page.select_one("#email")["value"] == "home at example"
