"""People I act for: a parent adds a child, opens the record, agrees, stops; strangers find nothing."""

import pytest

from app.domain.accounts.models import Account
from app.domain.recipients.guardians.decide import EndGuardianship, end_guardianship
from app.domain.recipients.guardians.models import Guardianship
from app.infra import clock
from tests import make
from tests.browserless import text_of
from tests.make.guardians import dependant
from tests.make.vaccinations import someone

CHILD = {
    "first_name": "Mia", "last_name": "Lopez", "birth_date__month": "6", "birth_date__day": "15",
    "birth_date__year": "2005", "relation": "parent", "right": "y", "consent": "y",
}  # fmt: skip


@pytest.fixture
def parent(session, now):
    return someone(session, first_name="Rosa", city="Durham", zip="27701")


@pytest.fixture
def home(site, session, parent):
    site.sign_in(make.person(session, parent.id, first_name="Rosa", last_name="Lopez"))
    return f"/recipient/{parent.id}/family"


def test_a_parent_adds_a_child_and_opens_the_record(site, session, home):
    assert "You act for nobody yet" in text_of(site.open(home))
    page = site.submit(site.open(f"{home}/add"), "#add", **CHILD)
    assert "You can act for your child" in text_of(page)
    assert "Mia Lopez" in text_of(page)
    assert "You agree since Mar 10, 2021" in text_of(page)
    record = site.open(page.find("a", string="Open the record of Mia")["href"])
    assert record.h1.text == "Hello, Mia Lopez"
    assert "You act for Mia Lopez" in record.text
    assert "People I act for" not in record.select_one("header").text
    for name in ("Reminders and mails", "Who opened the record", "Something is wrong"):
        site.open(record.find("a", string=lambda text, name=name: text and text.strip() == name)["href"])
    chosen = site.open("/account/choose")
    assert "You act for this person" in text_of(chosen, "#places")


def test_the_same_form_sent_twice_adds_one_child(site, session, home):
    page = site.open(f"{home}/add")
    site.submit(page, "#add", **CHILD)
    site.url = f"{home}/add"
    assert "nothing was done twice" in text_of(site.submit(page, "#add", **CHILD), "body")
    site.submit(site.open(f"{home}/add"), "#add", **CHILD)
    assert session.query(Guardianship).count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"first_name": ""}, "Enter the first name"),
        ({"first_name": "M1a"}, "Use letters, hyphens"),
        ({"last_name": "x" * 81}, "Use 80 characters or fewer"),
        ({"birth_date__year": "1990"}, "people below 18 only"),
        ({"birth_date__year": "2022"}, "people below 18 only"),
        ({"birth_date__month": "13"}, "Enter a real date"),
        ({"relation": ""}, "Choose one"),
        ({"right": ""}, "Tick the box"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_lost(site, session, home, typed, told):
    page = site.submit(site.open(f"{home}/add"), "#add", expect=422, **(CHILD | typed))
    assert told in text_of(page, "#add")
    kept = "last_name" if "last_name" not in typed else "first_name"
    assert page.find("input", {"name": kept})["value"] == CHILD[kept]
    assert session.query(Guardianship).count() == 0


def test_consent_is_taken_back_and_given_with_one_press(site, session, home):
    site.submit(site.open(f"{home}/add"), "#add", **CHILD)
    page = site.submit(site.open(home), "form[action$=consent]", press="Take my consent back")
    assert "You have not agreed" in text_of(page)
    page = site.submit(page, "form[action$=consent]", press="I agree that Mia is vaccinated")
    assert "You agree since" in text_of(page)


def test_a_parent_stops_acting_and_finds_nothing_any_more(site, session, home):
    page = site.submit(site.open(f"{home}/add"), "#add", **CHILD)
    record = page.find("a", string="Open the record of Mia")["href"]
    leave = site.open(page.find("a", string="Stop acting for Mia")["href"])
    site.submit(leave, "#end", expect=422)
    assert "You act for nobody yet" in text_of(site.submit(leave, "#end", sure="y"))
    site.open(record, expect=404)


def test_strangers_other_guardians_and_former_ones_meet_404(site, session, parent, home):
    made = dependant(session, parent)
    other = dependant(session, someone(session, first_name="Another"), first_name="Ana")
    mine = f"{home}/{made.id}"
    pages = ("", "/reminders", "/access", "/something-is-wrong", "/registration", "/proof")
    site.sign_in(session.get_one(Account, other.account_id))
    for page in pages:
        site.open(f"/recipient/{made.dependant_id}{page}", expect=404)
    site.open(f"{mine}/end", expect=404)
    site.open(f"/recipient/{other.guardian_id}/family/{made.id}/end", expect=404)
    token = site.open(f"/recipient/{other.guardian_id}/family").find("input", {"name": "csrf_token"})["value"]
    pressed = {"csrf_token": token, "given": "no"}
    site.open(f"/recipient/{other.guardian_id}/family/{made.id}/consent", method="POST", data=pressed, expect=404)
    session.expire_all()
    assert session.get_one(Guardianship, made.id).has_consent
    guardian = session.get_one(Account, made.account_id)
    staff = make.actor(session, make.administrator(session))
    end_guardianship(session, staff, EndGuardianship(made.id, "The court decided"), now=clock.now())
    session.commit()
    site.sign_in(guardian)
    for page in pages:
        site.open(f"/recipient/{made.dependant_id}{page}", expect=404)


def test_a_guardian_does_not_act_for_others_from_the_childs_record(site, session, parent, home):
    made = dependant(session, parent)
    site.sign_in(session.get_one(Account, made.account_id))
    site.open(f"/recipient/{made.dependant_id}/family", expect=403)
    site.open(f"/recipient/{made.dependant_id}/family/add", expect=403)


def test_the_way_to_the_other_person_stands_where_there_is_one_and_says_so(site, session, home):
    assert "Switch" not in site.open(home).header.text
    site.submit(site.open(f"{home}/add"), "#add", **CHILD)
    page = site.open(home)
    assert page.header.find("a", string="Switch to another person")["href"] == "/account/choose"
    assert "location" not in page.header.text
