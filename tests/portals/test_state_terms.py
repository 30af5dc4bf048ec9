"""New terms hold from their day on, are asked for again where they say so, and every version stays readable."""

import pytest
import time_machine
from sqlalchemy import select

from app.domain.helpdesk.models import Requester
from app.domain.program.models import ProgramSetting
from app.domain.recipients.models import Recipient
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.make import eligibility, helpdesk

NEW = {
    "version": "2021-04", "text": "## Be kind\n\n- to **everybody** <script>alert(1)</script>\n- [bad](javascript:alert(1))",
    "text_es": "## Sea amable", "asks_again": "y", "day__month": "3", "day__day": "11", "day__year": "2021",
}  # fmt: skip


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session))


def publish(staff, document="terms", expect=200, **typed):
    sent = {**NEW, **typed}
    if document == "privacy":
        sent.pop("asks_again")
    return staff.submit(staff.open(f"/state/terms/{document}/new"), "#terms", press="Publish", expect=expect, **sent)


def test_a_version_is_looked_at_then_holds_from_its_day_and_the_old_one_stays(site, staff):
    page = staff.submit(staff.open("/state/terms/terms/new"), "#terms", press="Show how it looks", **NEW)
    assert [tag.name for tag in page.select(".prose h2")] == ["h2", "h2"]
    page = staff.submit(page, "#terms", press="Publish")
    assert "Ann Lee" in text_of(page)
    assert "Version 2021-03" in text_of(site.open("/terms"))
    site.open("/terms?version=2021-04", expect=404)
    with time_machine.travel("2021-03-11 15:00", tick=False):
        page = site.open("/terms")
        assert "Be kind" in text_of(page)
        assert not page.select("main script, main [href^=javascript]")
        assert "Your user name and password" in text_of(site.open("/terms?version=2021-03"))
        assert "This version is from before" in text_of(site.open("/terms?version=2021-03"))
    site.open("/terms?version=1999-01", expect=404)


@pytest.mark.parametrize("asks", [True, False])
def test_whoever_agreed_before_is_asked_again_only_where_the_version_says_so(site, session, staff, asks):
    publish(staff, asks_again="y" if asks else [])
    person = eligibility.registered(session)
    account = make.person(session, person.id)
    with time_machine.travel("2021-03-11 15:00", tick=False):
        page = site.sign_in(account).open(f"/recipient/{person.id}")
        assert ("The terms of use have changed" in text_of(page)) is asks
        if not asks:
            return
        link = page.find(lambda tag: tag.name == "a" and "Read and agree" in tag.text)["href"]
        page = site.open(link)
        page = site.submit(page, terms="y", sharing="y")
        page = site.submit(site.open(f"/recipient/{person.id}/registration/review"))
        assert "The terms of use have changed" not in text_of(site.open(f"/recipient/{person.id}"))
    session.expire_all()
    assert session.get(Recipient, person.id).answers["terms"] == "2021-04"
    accepted = session.scalars(select(AuditEntry).where(AuditEntry.act == "terms.accepted")).all()[-1]
    assert (accepted.actor_id, accepted.facts["version"]) == (account.id, "2021-04")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"version": "April"}, "Begin with the year and the month"),
        ({"version": "2021-03"}, "There is a version with this name already"),
        ({"text_es": ""}, "Write the Spanish text"),
        ({"day__day": "9"}, "This day is past"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(staff, session, typed, said):
    assert said in text_of(publish(staff, expect=422, **typed), ".usa-form-group--error")
    assert session.scalar(select(ProgramSetting.id)) is None


def test_the_help_desk_asks_for_its_newest_terms(site, session, staff):
    publish(staff, "helpdesk", day__day="10")
    assert "Be kind" in text_of(site.open("/help/terms"))
    publish(staff, "privacy", day__day="10")
    assert "Be kind" in text_of(site.open("/privacy"))


def test_whoever_registered_with_the_help_desk_agrees_to_its_newer_terms(site, session, staff):
    nora = helpdesk.requester(session)
    publish(staff, "helpdesk", day__day="10")
    page = site.sign_in(nora).open("/help/my-requests")
    page = site.open(page.find("a", string="Read and agree")["href"])
    assert "Be kind" in text_of(page)
    page = site.submit(page, expect=422)
    assert "Tick this box" in text_of(page, ".usa-form-group--error")
    version = page.select_one("[name=version]")
    version["value"] = "2021-01"
    page = site.submit(page, expect=422, terms="y")
    assert "changed while you read" in text_of(page)
    assert "You have agreed" in text_of(site.submit(page, terms="y"))
    assert "Read and agree" not in text_of(site.open("/help/my-requests"))
    assert session.get(Requester, nora.id).terms == "2021-04"
    accepted = session.scalars(select(AuditEntry).where(AuditEntry.act == "terms.accepted")).one()
    assert (accepted.subject_id, accepted.facts) == (nora.id, {"document": "helpdesk", "version": "2021-04"})


def test_others_do_not_reach_it(site, session, now):
    site.sign_in(make.manager(session, make.location(session)))
    for url in ("/state/terms", "/state/terms/terms/new"):
        site.open(url, expect=404)
