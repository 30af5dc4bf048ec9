"""A screen becomes a kiosk by the manager's code, may check in there and nothing else, and can be stopped."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.documents.proofs.issued import proof_renderer
from app.domain.accounts.devices.models import KioskDevice
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.health_cards import claims_of
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof, issued_card
from app.domain.vaccinations.models import Visit
from app.domain.vaccinations.proof_contents import contents_from_json
from app.domain.vaccinations.signing_keys import Issuer
from app.infra import clock
from app.infra.health_cards.digits import qr_text
from app.infra.health_cards.keys import new_private_key, public_part
from app.infra.health_cards.signed import sign
from app.web.portal import PUBLIC, Portal
from tests import make
from tests.browserless import Site, text_of
from tests.make.inventory import lot
from tests.make.kiosks import kiosk, offered, screen
from tests.make.proofs import ISSUER, trusted_issuer
from tests.make.vaccinations import dose, nurse_at, someone

FORM = "main form[method=post]"


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def door(site, session, place):
    return screen(site, kiosk(session, place)[1])


@pytest.fixture
def proof(session, storage, settings, place):
    """A person with a dose, their proof, and the text of their health card's code."""
    person = someone(session, place)
    dose(session, place, person, lot(session, place))
    which = WhichProof(person.id, place.id)
    made = issue_proof(
        session, nurse_at(place.id), which, storage=storage, issuer=ISSUER, now=clock.now(),
        render=proof_renderer(settings, now=clock.now()),
    )  # fmt: skip
    session.commit()
    return made, qr_text(issued_card(session, nurse_at(place.id), which))


def pair(browser: Site, code: str, *, expect: int = 200):
    return browser.submit(browser.open("/kiosk/pair"), FORM, code=code, expect=expect)


def test_the_manager_makes_a_code_types_it_on_the_screen_and_sees_it_at_work(site, session, place):
    boss = make.manager(session, place)
    page = site.sign_in(boss).open(f"/provider/{place.id}/kiosks")
    page = site.submit(page, FORM, name="Front door")
    code = text_of(page, ".usa-alert h2").rpartition(" ")[2]
    assert len(code.replace("-", "")) == 8
    tablet = Site(site.app, session).sign_in(boss)
    page = pair(tablet, code.lower().replace("-", " "))
    assert text_of(page, "h1") == "Welcome. Please check in."
    assert tablet.client.get(f"/provider/{place.id}/kiosks").status_code == 303, "the manager is signed out there"
    page = site.open(f"/provider/{place.id}/kiosks")
    assert code not in page.text
    assert "In use" in text_of(page, "tbody")
    page = site.submit(site.open(page.select_one("tbody a")["href"]), FORM)
    assert "opens nothing from now on" in text_of(page)
    assert text_of(tablet.open("/kiosk/"), "h1") == "Make this screen a kiosk"


def test_a_code_works_once_and_for_ten_minutes_and_not_after_it_was_withdrawn(site, session, place, now):
    used = offered(session, place).code
    pair(site.anonymous(), used)
    assert "does not work" in text_of(pair(site.anonymous(), used, expect=422))
    late = offered(session, place).code
    withdrawn = offered(session, place)
    code, withdrawn.revoked_at = withdrawn.code, clock.now()
    session.commit()
    assert "does not work" in text_of(pair(site.anonymous(), code, expect=422))
    with time_machine.travel(now + timedelta(minutes=11)):
        assert "does not work" in text_of(pair(site.anonymous(), late, expect=422))
        assert session.scalars(select(KioskDevice.paired_at).where(KioskDevice.paired_at.is_not(None))).all() != []


def test_codes_cannot_be_guessed_on_and_on(site, session, place):
    for _ in range(10):
        pair(site.anonymous(), "2222-2222", expect=422)
    assert "fifteen minutes" in text_of(pair(site.anonymous(), offered(session, place).code, expect=422))


def test_nurses_and_other_managers_have_no_hand_in_a_locations_kiosks(site, session, place):
    made, _token = kiosk(session, place)
    site.sign_in(make.healthcare_provider(session, place)).open(f"/provider/{place.id}/kiosks", expect=403)
    elsewhere = make.location(session, "Westside Clinic")
    site.sign_in(make.manager(session, elsewhere))
    site.open(f"/provider/{elsewhere.id}/kiosks/{made.id}/revoke", expect=404)


def test_the_screen_opens_no_page_but_its_own(door, app, session, place):
    """Its cookie is sent to /kiosk only, and counts for nothing elsewhere even when somebody sends it."""
    token = door.client.get_cookie("cvms_kiosk", path="/kiosk").value
    door.client.set_cookie("cvms_kiosk", token, path="/")
    needs = {f"{one.name}.{name}": what for one in app.blueprints.values() if isinstance(one, Portal) for name, what in one.needs.items()}
    tried = 0
    for rule in app.url_map.iter_rules():
        if needs.get(rule.endpoint, PUBLIC) == PUBLIC or rule.endpoint.startswith("kiosk.") or "GET" not in rule.methods:
            continue
        values = {name: place.id if name == "location_id" else make.NOBODY for name in rule.arguments}
        try:
            path = rule.build(values)[1]
        except ValueError:
            continue
        tried += 1
        assert door.client.get(path).status_code in {303, 404}, rule.endpoint
    assert tried > 100


def test_a_kiosk_checks_in_at_its_own_location_and_a_revoked_one_nowhere(door, session, place):
    someone(session, make.location(session, "Westside Clinic"), phone="9195550100")
    page = door.open("/kiosk/type")
    typed = {"last_name": "Lopez", "birth_date__month": "4", "birth_date__day": "28", "birth_date__year": "1950", "detail": "0100"}
    page = door.submit(page, FORM, **typed)
    kept = session.scalars(select(KioskDevice)).one()
    kept.revoked_at = clock.now()
    session.commit()
    assert text_of(door.submit(page, FORM, answer="yes"), "h1") == "Make this screen a kiosk"
    kept.revoked_at = None
    session.commit()
    door.url = "/kiosk/confirm"
    door.submit(page, FORM, answer="yes")
    assert [visit.location_id for visit in session.scalars(select(Visit))] == [place.id]


def scan(door, text):
    return door.submit(door.open("/kiosk/scan"), FORM, code=text)


def test_the_codes_of_an_invitation_a_proof_and_a_health_card_are_read(door, session, settings, proof):
    made, card = proof
    invited = session.get_one(Recipient, made.recipient_id).code
    for text in (invited, made.code, f"{settings.public_url}/proof/{made.code}", card, card.upper()):
        assert text_of(scan(door, text), "h1") == "Are you Maria L.?", text[:30]
    made.revoked_at, made.revoked_because = clock.now(), "removed"
    session.commit()
    assert text_of(scan(door, made.code), ".number") == "1"


def test_a_trusted_card_of_somebody_else_names_one_of_ours_exactly_or_sends_to_the_desk(door, session, proof):
    made, _card = proof
    key = new_private_key()
    issuer = trusted_issuer(session)
    issuer.keys = [public_part(key)]
    session.commit()
    claims = claims_of(
        contents_from_json(made.facts), Issuer(issuer.url, demonstration=False), "abc", now=clock.now() - timedelta(days=1)
    )
    assert text_of(scan(door, qr_text(sign(claims, key))), "h1") == "Are you Maria L.?"
    claims["vc"]["credentialSubject"]["fhirBundle"]["entry"][0]["resource"]["birthDate"] = "1950-04-29"
    assert text_of(scan(door, qr_text(sign(claims, key))), ".number") == "1"


def test_a_trusted_card_names_somebody_of_two_last_names(door, session, proof):
    made, _card = proof
    person, key, issuer = session.get_one(Recipient, made.recipient_id), new_private_key(), trusted_issuer(session)
    issuer.keys, person.last_name, person.last_folded = [public_part(key)], "Garcia Lopez", "garcia lopez"
    session.commit()
    contents = replace(contents_from_json(made.facts), last_name="Garcia Lopez")
    claims = claims_of(contents, Issuer(issuer.url, demonstration=False), "abc", now=clock.now() - timedelta(days=1))
    assert text_of(scan(door, qr_text(sign(claims, key))), "h1") == "Are you Maria G.?"


def test_three_texts_that_are_no_codes_call_the_desk(door):
    assert "no code that we can read" in text_of(scan(door, "https://example.org/menu"))
    scan(door, "")
    assert text_of(scan(door, "shc:/123"), ".number") == "1"
