"""One person from the first page to the dispute: registered, reminded, vaccinated twice, proven, corrected, heard."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from babel.support import Translations
from sqlalchemy import select

from app.domain.accounts.access import system
from app.domain.accounts.models import Account
from app.domain.helpdesk.models import Case
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.recipients.models import Recipient
from app.infra import clock
from app.jobs import work
from tests import make
from tests.browserless import Site, form_data, text_of
from tests.documents.pdf_parts import codes_on, rasterised
from tests.make import helpdesk
from tests.make.inventory import lot as make_lot

MORNING = datetime(2021, 3, 10, 15, 0, tzinfo=UTC)
MAIL = "rosa@example.net"
ROSA = {
    "first_name": "Rosa", "last_name": "Marin", "email": MAIL, "birth_date__month": "5", "birth_date__day": "2",
    "birth_date__year": "1944",
}  # fmt: skip
PASSWORD = "Harvest-of-2021"
ADDRESS = {"street": "12 Oak St", "city": "Raleigh", "state_abbr": "NC", "county_fips": "37183", "zip": "27601",
           "in_state": "yes"}  # fmt: skip


class Story:
    """Rosa's browser, the clinic's and the desk's; what Rosa reads is looked up in her language."""

    def __init__(self, app, session, machines, smtp, language):
        self.app, self.session, self.machines, self.smtp, self.language = app, session, machines, smtp, language
        self.words = Translations.load("app/translations", [language]).gettext
        self.rosa, self.clinic_site, self.desk = (Site(app, session) for _ in range(3))

    def read(self, page, *sentences, at="main"):
        """The page speaks Rosa's language and says these."""
        assert page.html["lang"] == self.language
        for sentence in sentences:
            assert self.language == "en" or self.words(sentence) != sentence, f"not translated: {sentence}"
            assert self.words(sentence) in text_of(page, at), sentence

    def later(self, *, days):
        """On another day everybody signs in again."""
        self.clock.shift(timedelta(days=days))
        self.session.rollback()
        self.rosa.sign_in(self.session.scalars(select(Account).where(Account.email == MAIL)).one())
        self.clinic_site.sign_in(self.manager)

    def newest_mail(self):
        self.session.rollback()
        self.machines.queue.sweep()
        return self.smtp.to(MAIL)[-1]


@pytest.fixture(params=["en", "es"])
def story(request, app, session, machines, smtp):
    with time_machine.travel(MORNING, tick=True) as traveller:
        made = Story(app, session, machines, smtp, request.param)
        made.clock = traveller
        made.place = make.location(session, "Eastside Clinic")
        make_lot(session, made.place, product="pfizer", number="EN6201")
        setting = ChangeSetting("self_registration_open", "yes", date(2021, 3, 1))
        change_setting(session, system("test"), setting, now=clock.now())
        made.manager = make.manager(session, made.place)
        made.clinic_site.sign_in(made.manager)
        yield made


def test_rosa_from_the_first_page_to_the_dispute(story):
    own = register(story)
    fill_in(story, own)
    page = story.rosa.open(own)
    story.read(page, "Is it my turn?")
    assert page.select("#eligibility")
    first_dose(story)
    be_reminded(story)
    second_dose(story)
    scanned, card = prove(story, own)
    correct_the_record(story, own, scanned, card)
    dispute(story, own)


def register(story):
    """By herself; the address is confirmed before anything is made."""
    page = story.rosa.open(f"/account/recipient/register?lang={story.language}")
    story.read(story.rosa.submit(page, **ROSA), "Now, check your email", at="h1")
    assert story.session.scalars(select(Recipient)).all() == []
    link = re.search(r"http://cvms\.test(/account/recipient/register/\S+)", story.newest_mail().get_content())[1]
    page = story.rosa.submit(story.rosa.open(link), password=PASSWORD, again=PASSWORD)
    person = story.session.scalars(select(Recipient)).one()
    story.person_id = person.id
    return f"/recipient/{person.id}"


def fill_in(story, own):
    """Step by step, with a pause of a day."""
    rosa, say = story.rosa, story.words
    page = rosa.submit(rosa.open(f"{own}/registration"), press=say("Next"), birth_confirmed="y")
    contact = {"contact_way": "email", "language": story.language}
    page = rosa.submit(page, press=say("Pause"), **contact)
    assert rosa.url.endswith("/paused")
    story.later(days=1)
    page = rosa.open(f"{own}/registration")
    assert rosa.url.endswith("/welcome-back")
    page = rosa.submit(page, "main form[method=post]")
    while not rosa.url.endswith("/review"):
        known = {"contact": contact, "address": ADDRESS}.get(rosa.url.rsplit("/", 1)[-1])
        answers = known or first_answers(page)
        page = rosa.submit(page, "#step-form", press=say("Next"), **answers)
    rosa.submit(page, "main form[method=post]")
    assert story.session.scalars(select(Recipient.registered_at)).one()
    mail = story.newest_mail()
    assert f"http://cvms.test{own}" in mail.get_content()
    assert mail["Subject"] == say("You are registered in the COVID-19 Vaccine Portal")


def first_answers(page):
    """The first choice of every question of a page."""
    answers = {}
    for control in page.select("#step-form input, #step-form select"):
        name, kind = control.get("name"), control.get("type")
        if kind in {"radio", "checkbox"} and name not in answers:
            answers[name] = control.get("value", "y")
        elif control.name == "select":
            answers[name] = control.select("option")[-1]["value"]
    return answers


def first_dose(story):
    """The clinic finds her, sees where she stands, and vaccinates."""
    site = story.clinic_site
    born = {"birth_date__month": "5", "birth_date__day": "2", "birth_date__year": "1944"}
    page = site.submit(site.open(f"/provider/{story.place.id}/clinic"), "#find", last_name="Marin", detail=MAIL, **born)
    page = site.submit(page, 'form[action$="/check-in"]')
    assert "ligible" in text_of(page)
    give(story, page)
    story.read(story.rosa.open(f"/recipient/{story.person_id}"), "Your vaccinations")


def be_reminded(story):
    """Not before the day, once on it."""
    before = len(story.smtp.to(MAIL))
    for days, mails in ((10, 0), (11, 1), (1, 1)):
        story.later(days=days)
        for name in (work.DOSE_REMINDERS, work.MAIL):
            story.machines.queue.run(name)
        new = story.smtp.to(MAIL)[before:]
        reminders = [mail for mail in new if mail["List-Unsubscribe"]]
        assert len(reminders) == mails, days
    assert reminders[0]["Subject"] == story.words("Your next dose may be due")
    assert "Pfizer" not in reminders[0].get_content()


def second_dose(story):
    """Checked in from the list; then the series is complete."""
    site = story.clinic_site
    page = site.open(f"/provider/{story.place.id}/recipients/{story.person_id}")
    give(story, site.submit(page, 'form[action$="/check-in"]'))
    story.read(story.rosa.open(f"/recipient/{story.person_id}"), "You have had all doses of this vaccine.")


def give(story, page):
    lot = page.select("select[name=lot] option")[-1]["value"]
    told = {"rest_is_no": "y", "fact_sheet_given": "y", "lot": lot, "site": "LD"}
    page = story.clinic_site.submit(page, "#dose", **told, clinician_name="Nora Kim", clinician_suffix="RN")
    assert "The dose is recorded." in text_of(page)


def prove(story, own):
    """The proof in her language; both codes are read from the paper and checked by a stranger."""
    rosa = story.rosa
    page = rosa.submit(rosa.open(f"{own}/proof"), "#make-proof", language=story.language, paper="letter")
    story.read(page, "Your proof is ready")
    pdf = rosa.get(page.select_one('a[href*="/proof/download"]')["href"]).data
    codes = [code.text for code in codes_on(rasterised(pdf, 200))]
    scanned = next(code for code in codes if code.startswith("http")).removeprefix("http://cvms.test")
    card = next(code for code in codes if code.startswith("shc:"))
    story.read(paper_checked(story, scanned), "This proof is genuine")
    story.read(card_checked(story, card), "This health card is genuine")
    return scanned, card


def paper_checked(story, scanned):
    """By somebody who is no part of this."""
    return Site(story.app, story.session).open(f"{scanned}?lang={story.language}")


def card_checked(story, card):
    stranger = Site(story.app, story.session)
    form = stranger.open(f"/proof?lang={story.language}").select_one("main form")
    return stranger.open("/proof", method="POST", data=form_data(form) | {"code": card})


def correct_the_record(story, own, scanned, card):
    """The clinic mends who gave the dose: what was printed before is changed, and she gets a new one."""
    site = story.clinic_site
    page = site.open(f"/provider/{story.place.id}/recipients/{story.person_id}")
    dose = page.select_one('a[href*="/doses/"]')["href"]
    page = site.open(f"{dose}/correct")
    page = site.submit(page, "main form[method=post]", clinician_name="Norah Kim", reason="Misspelt")
    assert "The dose is corrected." in text_of(page)
    story.read(paper_checked(story, scanned), "This proof was withdrawn")
    story.read(card_checked(story, card), "This health card was withdrawn")
    page = story.rosa.submit(story.rosa.open(f"{own}/proof"), "#make-proof", language=story.language, paper="letter")
    story.read(page, "Your proof is ready")


def dispute(story, own):
    """She still sees a mistake; the desk reads whose record it is about."""
    rosa = story.rosa
    page = rosa.open(rosa.open(own).select_one('main a[href$="/something-is-wrong"]')["href"])
    story.read(page, "Something is wrong in my record", at="h1")
    page = rosa.submit(page, "#wrong", description="The second dose was on another day.")
    case = story.session.scalars(select(Case)).one()
    assert (case.language, case.email) == (story.language, MAIL)
    assert case.number in text_of(page)
    page = story.desk.sign_in(helpdesk.agent(story.session, "recipients")).open(f"/help/desk/cases/{case.number}")
    assert "Rosa Marin" in text_of(page, "dl")
    story.newest_mail()
    assert any(case.number in mail["Subject"] for mail in story.smtp.to(MAIL))
