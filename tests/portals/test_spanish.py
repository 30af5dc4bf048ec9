"""Spanish: chosen on any page, kept for the person, and whole: no English is left on the pages of a recipient."""

import re

import pytest
from bs4 import NavigableString

from app.domain.accounts.access import Role
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.models import Account
from app.domain.recipients.models import Recipient
from app.infra.kept_mail import KeptMail
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from scripts import messages
from tests import make
from tests.browserless import text_of
from tests.make.accounts import PASSWORD
from tests.make.guardians import dependant
from tests.make.inventory import lot
from tests.make.vaccinations import dose, someone

SWITCH = "header form[action='/account/language']"
WORDS = (
    "the|your|you|and|of|is|are|with|for|from|this|that|not|we|our|have|will|it|its|to|or|by|at|be|can|was|on|what|who|please"
    "|here|there|yes|one|when|which|where"
)
ENGLISH = re.compile(rf"\b(?:{WORDS})\b")
# Names that stay, and what was typed.
NAMES = re.compile(r"SMART Health Card|North Carolina|Eastside Clinic|\S+@\S+|Pfizer-BioNTech|^English$")
STEPS = ("name", "contact", "address", "about-you", "work", "living", "health", "agreement")


@pytest.fixture
def person(session, now):
    return someone(session, email="maria@example.net")


@pytest.fixture
def account(session, person):
    return make.person(session, person.id, email="maria@example.net", name="mlopez-1")


@pytest.fixture
def spanish(site, session, account):
    account.language = "es"
    session.commit()
    return site.sign_in(account)


def known_english():
    """Sentences whose Spanish is another one, as patterns of what they become on a page."""
    for message in messages.kept():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for english in ids:
            if len(english) > 3 and english not in strings:
                yield re.compile(re.sub(r"%\\\(\w+\\\)[a-z]", ".+", re.escape(" ".join(english.split()))))


SENTENCES = list(known_english())


def english_in(page):
    """The texts of a page, read or heard, that are not Spanish."""
    root = page.body
    texts = [
        str(text) for text in root.find_all(string=True)
        if type(text) is NavigableString and not text.find_parent(attrs={"lang": "en"}) and text.find_parent("option") is None
    ]
    texts += [str(tag[name]) for name in ("aria-label", "alt", "title", "placeholder", "data-announce", "data-met")
              for tag in root.find_all(attrs={name: True})]  # fmt: skip
    texts += [option.text for option in root.find_all("option") if option.parent["name"] not in {"state_abbr", "county_fips"}]
    return [text for text in (" ".join(text.split()) for text in texts) if text and is_english(text)]


def is_english(text):
    plain = NAMES.sub("", text)
    if not plain.strip():
        return False
    if any(pattern.fullmatch(text) for pattern in SENTENCES):
        return True
    return len(set(ENGLISH.findall(plain.lower()))) >= 2


def test_the_eye_for_english_sees_it():
    assert is_english("Save my answers")
    assert is_english("Dose 2: 3 mar 2021")
    assert is_english("What the weather is like with you")
    assert not is_english("Guardar mis respuestas")


def test_no_full_stop_follows_the_one_that_an_hour_ends_with():
    hour = re.compile(r"%\((moment|clock|when)\)s\.(\s|$)")
    days = {"On since %(when)s."}
    said = [(message.id, message.string) for message in messages.kept() if message.id not in days]
    assert [english for english, spanish in said if hour.search(str(spanish))] == [], "1:13 a.m.."


def test_one_press_changes_the_language_and_stays_on_the_page(site, now):
    page = site.open("/proof?back=1")
    assert page.html["lang"] == "en"
    page = site.submit(page, SWITCH, press="Español")
    assert (page.html["lang"], site.url) == ("es", "/proof?back=1")
    assert "Verificar" in text_of(page)
    page = site.open("/help/recipient/request")
    assert page.html["lang"] == "es"
    assert site.submit(page, SWITCH, press="English").html["lang"] == "en"
    assert site.open("/").html["lang"] == "en"


def test_after_a_refused_form_one_stays_with_the_form(site, now):
    page = site.submit(site.open("/account/sign-in/recipient"), expect=422, name="", password="")
    page = site.submit(page, SWITCH, press="Español")
    assert "Nombre de usuario" in text_of(page)


def test_nobody_is_sent_to_another_site_by_the_switch(site, now):
    page = site.open("/privacy")
    for back in ("https://evil.example/", "//evil.example/", "/account/language", "/nowhere"):
        assert "CVMS" in site.submit(page, SWITCH, press="Español", back=back).title.text
        assert site.url == "/"


def test_the_first_guess_is_what_the_browser_asks_for(site, session, account, now):
    assert site.open("/", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).html["lang"] == "es"
    assert site.open("/", headers={"Accept-Language": "fr,de;q=0.5"}).html["lang"] == "en"
    site.sign_in(account)
    assert site.open("/", headers={"Accept-Language": "es"}).html["lang"] == "en", "the account knows"


def test_a_link_in_a_mail_brings_its_language_along(site, session, account, person, now):
    assert site.open("/account/recipient/register?lang=es").html["lang"] == "es"
    assert site.open("/").html["lang"] == "es"
    assert site.open("/?lang=xx").html["lang"] == "es"
    page = site.open("/account/sign-in/recipient?lang=es")
    assert site.submit(page, SWITCH, press="English").html["lang"] == "en", "the link does not win for ever"
    site.sign_in(account).open("/?lang=es")
    assert session.get_one(Account, account.id).language == "en", "a page that is read changes nothing"


def test_the_language_is_kept_on_the_account_and_for_the_mails(site, session, account, person, now):
    version = person.version
    site.sign_in(account)
    site.submit(site.open(f"/recipient/{person.id}"), SWITCH, press="Español")
    kept = session.get_one(Recipient, person.id)
    assert (session.get_one(Account, account.id).language, kept.language, kept.version) == ("es", "es", version)
    assert "Cambió el idioma" in text_of(site.open(f"/recipient/{person.id}/access")), "no answer was changed"
    assert site.open("/recipient/nowhere", expect=404).html["lang"] == "es"
    kept.language = "other"
    session.commit()
    site.submit(site.open(f"/recipient/{person.id}"), SWITCH, press="English")
    assert session.get_one(Recipient, person.id).language == "other", "whoever reads neither well is not said to"


def test_what_was_chosen_before_signing_in_comes_along_and_stays_after_signing_out(site, session, account, person, now):
    page = site.submit(site.open("/account/sign-in/recipient"), SWITCH, press="Español")
    page = site.submit(page, name="mlopez-1", password=PASSWORD)
    assert page.html["lang"] == "es"
    assert session.get_one(Account, account.id).language == "es"
    page = site.submit(page, "header form[action$='sign-out']")
    assert "Ha salido de su cuenta" in text_of(page)
    other = make.person(session, someone(session, first_name="Ann").id, name="ann-1")
    page = site.submit(site.open("/account/sign-in/recipient"), name="ann-1", password=PASSWORD)
    assert session.get_one(Account, other.id).language == "en", "the next one at this browser keeps theirs"
    assert page.html["lang"] == "en"


def test_whoever_is_invited_in_spanish_has_a_spanish_account(site, session, person, machines, now):
    person.language = "es"
    session.flush()
    staff = make.actor(session, make.administrator(session))
    invite(session, staff, Invite(Role.RECIPIENT, person.id, "maria@example.net", "Maria", "Lopez", "recipient"), now=now)
    session.commit()
    deliver_due(machines.database, machines.settings)
    mail = session.query(KeptMail).one()
    assert "Lo invitamos a registrarse" in mail.text
    page = site.open(re.search(r"http://cvms\.test(\S+)", mail.text)[1])
    assert english_in(page) == []
    born = {"birth_date__month": "4", "birth_date__day": "28", "birth_date__year": "1950"}
    page = site.submit(page, password=PASSWORD, again=PASSWORD, **born)
    assert "Bienvenido. Su nombre de usuario es" in text_of(page)
    assert page.html["lang"] == "es"
    assert session.query(Account).filter_by(email="maria@example.net").one().language == "es"


def test_portals_of_staff_speak_english_whatever_their_people_chose(site, session, now):
    clinic = make.location(session)
    nurse = make.manager(session, clinic)
    nurse.language = "es"
    session.commit()
    site.sign_in(nurse)
    page = site.open(f"/provider/{clinic.id}/inventory")
    assert page.html["lang"] == "en"
    assert page.select_one(SWITCH) is None
    assert site.open("/account/").html["lang"] == "es"


def test_the_pages_for_everybody_are_spanish_as_a_whole(site, now):
    site.open("/?lang=es")
    paths = [
        *("/", "/privacy", "/accessibility", "/terms", "/proof", "/account/sign-in/recipient", "/account/sign-out"),
        *("/account/recipient/register", "/account/recipient/register/check-your-email", "/account/recipient/code"),
        *("/account/recipient/forgotten-password", "/account/recipient/find-user-name"),
        *("/help/", "/help/recipient", "/help/organization", "/help/provider", "/help/recipient/request"),
        *("/help/sent/CS0000001", "/help/renew", "/help/register", "/help/terms"),
    ]
    for path in paths:
        page = site.open(path)
        assert english_in(page) == [], path
    for path, status in (("/nowhere", 404), ("/proof/ABC", 404), ("/account/invitations/x", 404)):
        assert english_in(site.open(path, expect=status)) == [], path
    for path in ("/help/recipient/request", "/account/recipient/code", "/account/sign-in/recipient"):
        assert english_in(site.submit(site.open(path), "main form[method=post]", expect=422)) == [], path


def test_the_pages_of_a_person_are_spanish_as_a_whole(spanish, session, person, now):
    clinic = make.location(session, "Eastside Clinic")
    dose(session, clinic, person, lot(session, clinic, number="EN6199"))
    child = dependant(session, person)
    at = f"/recipient/{person.id}"
    paths = [at, f"{at}/proof", f"{at}/reminders", f"{at}/access", f"{at}/something-is-wrong", f"{at}/family",
             f"{at}/family/add", f"{at}/family/{child.id}/end", f"/recipient/{child.dependant_id}",
             f"{at}/registration/paused", f"{at}/registration/review", "/account/", "/account/choose", "/account/password",
             "/help/my-requests"]  # fmt: skip
    for path in [*paths, *(f"{at}/registration/{step}" for step in STEPS)]:
        assert english_in(spanish.open(path)) == [], path
    for step in STEPS[:7]:
        page = spanish.open(f"{at}/registration/{step}")
        typed = {"first_name": "Mar1a"} if step == "name" else {"zip": "1"} if step == "address" else {}
        page = spanish.submit(page, press="Siguiente", expect=422, **typed)
        assert english_in(page) == [], step
    assert "10 mar 2021" in text_of(spanish.open(at))
