"""Health answers are opened for an hour with a reason, told to those who watch, and reviewed by somebody else."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text

from app.domain.accounts import break_glass as glass
from app.domain.accounts.access import Role
from app.domain.accounts.models import GlassOpening
from app.domain.errors import NotAllowed
from app.domain.recipients.health_answers import health_answers_of
from app.infra.kept_mail import KeptMail
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import text_of
from tests.make.vaccinations import someone

WHY = {"reason": "inquiry", "because": "Case 2021-0007, a severe reaction"}


@pytest.fixture
def person(session, now):
    made = someone(session, make.location(session), first_name="Rosa", last_name="Diaz")
    made.answers = {"conditions": ["asthma", "diabetes"], "pregnant": "no", "living": "shelter"}
    session.commit()
    return made


@pytest.fixture
def asker(session, person):
    return make.account(session, Role.STATE_STAFF, realm="state", first_name="Sal", last_name="State")


@pytest.fixture
def officer(session, person):
    return make.account(
        session, Role.PRIVACY_OFFICER, realm="state", first_name="Pia", last_name="Officer", email="pia@state.example"
    )


def url(person):
    return f"/state/people/{person.id}/health-answers"


def opened(site, person, asker):
    return site.submit(site.sign_in(asker).open(url(person)), "#ask", **WHY)


def test_without_a_reason_nothing_is_shown(site, person, asker):
    page = site.sign_in(asker).open(url(person))
    assert site.url.endswith("/open")
    assert "Asthma" not in text_of(page)
    site.submit(page, "#ask", expect=422)
    site.submit(page, "#ask", expect=422, reason="inquiry", because="because")
    site.submit(page, "#ask", expect=422, **{**WHY, "reason": "curiosity"})


def test_with_one_they_are_open_for_an_hour_for_that_record_alone(site, session, person, asker, now):
    other = someone(session, make.location(session), last_name="Other")
    page = opened(site, person, asker)
    for words in ("Asthma", "Diabetes", "Shelter", "Open until"):
        assert words in text_of(page)
    site.open(url(other))
    assert site.url.endswith("/open")
    with time_machine.travel(now + timedelta(minutes=59)):
        site.sign_in(asker).open(url(person))
        assert not site.url.endswith("/open")
    with time_machine.travel(now + timedelta(minutes=61)):
        site.sign_in(asker).open(url(person))
        assert site.url.endswith("/open")


def test_they_can_be_closed_before(site, person, asker):
    page = opened(site, person, asker)
    site.submit(page, "main form[action$=close]")
    site.open(url(person))
    assert site.url.endswith("/open")


def test_nobody_else_reads_them_then(site, session, person, asker, officer, now):
    opened(site, person, asker)
    second = make.account(session, Role.STATE_STAFF, realm="state")
    site.sign_in(second).open(url(person))
    assert site.url.endswith("/open")
    with pytest.raises(glass.GlassClosed):
        health_answers_of(session, make.actor(session, second), person, now=now)
    for role in (Role.STATE_VIEWER, Role.PRIVACY_OFFICER):
        site.sign_in(make.account(session, role, realm="state")).open(url(person), expect=403)
    with pytest.raises(NotAllowed):
        health_answers_of(session, make.actor(session, officer), person, now=now)
    agent = make.account(session, Role.HELP_DESK_AGENT, make.NOBODY, realm="helpdesk")
    site.sign_in(agent).open(url(person), expect=404)


def test_the_person_reads_in_their_record_that_it_happened(site, session, person, asker):
    opened(site, person, asker)
    site.sign_in(make.person(session, person.id))
    page = text_of(site.open(f"/recipient/{person.id}/access"))
    assert "Opened your health answers for one hour" in page
    assert "Read your health answers" in page
    assert "Sal" not in page


def test_those_who_watch_are_mailed_without_a_name_and_somebody_else_reviews(
    site, session, database, settings, person, asker, officer
):
    opened(site, person, asker)
    session.rollback()
    deliver_due(database, settings)
    (mail,) = session.scalars(select(KeptMail).where(KeptMail.to == "pia@state.example"))
    for secret in ("Rosa", "Diaz", person.code, "Sal", "0007", "reaction"):
        assert secret not in mail.text
    link = next(word for word in mail.text.split() if "/state/health-answers/" in word).removeprefix(settings.public_url)
    page = site.sign_in(officer).open(link)
    assert "Case 2021-0007, a severe reaction" in text_of(page)
    site.submit(page, "#review", expect=422, outcome="not_justified")
    page = site.submit(page, "#review", outcome="not_justified", remark="The case is about somebody else")
    assert "Nothing waits" in text_of(page)
    assert "It was not justified" in text_of(site.open("/state/health-answers?show=reviewed"))


def test_nobody_reviews_themselves(site, session, person):
    boss = make.administrator(session, first_name="Bo", last_name="Boss")
    opened(site, person, boss)
    page = site.open("/state/health-answers")
    page = site.open(page.select_one("tbody a")["href"])
    assert not page.select("#review")
    opening = session.scalars(select(GlassOpening)).one()
    with pytest.raises(glass.ReviewsOneself):
        glass.review_opening(
            session, make.actor(session, boss), glass.ReviewOpening(opening.id, "justified"), now=opening.opened_at
        )


def test_the_reason_cannot_be_read_in_the_database(site, session, person, asker):
    opened(site, person, asker)
    assert b"0007" not in bytes(session.scalar(text("SELECT because FROM glass_opening")))


def test_two_clicks_at_once_open_it_once(session, database, person, asker, now):
    actor, together = make.actor(session, asker), threading.Barrier(2)
    recipient_id = person.id
    session.rollback()

    def click():
        together.wait()
        with database.transaction() as own:
            glass.break_glass(own, actor, glass.BreakGlass(recipient_id, **WHY), now=now)

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.scalar(select(func.count()).select_from(GlassOpening)) == 1


def test_home_tells_who_reviews_that_something_waits(site, session, person, asker, officer):
    opened(site, person, asker)
    rows = {row.th.get_text(strip=True): row for row in site.sign_in(officer).open("/state/").select("tbody tr")}
    assert rows["Opened health answers"].strong.text == "1"
