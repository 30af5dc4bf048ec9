"""A health system with twelve locations: returned once, approved but for one place, and updated a season later."""

import io
from collections import Counter

import pytest
from sqlalchemy import select

from app.documents.workbooks.locations import LOCATIONS
from app.domain.accounts.models import Account
from app.domain.enrollment.models import Enrollment, Signature, StorageUnit
from app.domain.enrollment.redistribution import may_redistribute
from app.domain.providers.models import Location
from app.jobs.demo.enrollments import draw_unit
from tests import make
from tests.browserless import Site, text_of
from tests.documents.pdf_parts import text_of as text_of_pdf
from tests.files.workbooks import xlsx
from tests.journeys.enrolling import answers_of, fill_section_b, sign
from tests.make import enrollment as making

COORDINATORS = (("Vera", "Cole"), ("Wes", "Dunn"), ("Xenia", "Earl"))
DOCUMENTS = ("provider_agreement", "storage_attestation")
NAME = "Blue Ridge Health"


@pytest.fixture
def state(app, session, now):
    return Site(app, session).sign_in(make.administrator(session))


def twelve_locations():
    """The workbook of the administrator: three coordinators have four locations each."""
    rows = []
    for number in range(1, 13):
        first, last = COORDINATORS[(number - 1) // 4]
        mail = f"{first.lower()}@blueridge.example"
        told = {"coordinator_first_name": first, "coordinator_last_name": last, "coordinator_email": mail}
        place = making.place(number, name=f"{NAME} Clinic {number}", county="Wake", **told)
        rows.append([place.get(column.key, "") for column in LOCATIONS.columns])
    return xlsx([[column.header for column in LOCATIONS.columns], *rows], sheet="Locations")


def apply_with_twelve(app, session, invited):
    """Section A by pages, the locations by workbook. Returns the administrator's browser and the enrollment."""
    stranger = Site(app, session)
    stranger.submit(
        stranger.open("/enrollment/register"), first_name="Ann", last_name="Lee", email="ann@harvest.example"
    )
    ann = invited("ann@harvest.example")
    enrollment = session.scalars(select(Enrollment)).one()
    base = f"/enrollment/{enrollment.id}"
    page = ann.open(f"{base}/section-a/organization")
    answers = making.section_a(legal_name=NAME, redistribution="yes")
    for step in ("organization", "administrator", "redistribution", "cmo", "ceo"):
        page = ann.submit(page, press="Next", **answers_of("a", answers, step))
    page = ann.submit(ann.open(f"{base}/locations/workbook"), file=(io.BytesIO(twelve_locations()), "clinics.xlsx"))
    assert "12 locations were added" in text_of(page)
    page = ann.submit(ann.open(f"{base}/section-a"), "#complete")
    assert "Section A is complete" in text_of(page)
    return ann, enrollment


def fill_in_and_sign(session, invited, enrollment):
    """The first Section B by pages, the others as they come; each coordinator signs once for all four locations."""
    places, coordinators = making.locations_of(session, enrollment), []
    for turn, (first, last) in enumerate(COORDINATORS):
        site = invited(f"{first.lower()}@blueridge.example")
        mine = places[turn * 4 : turn * 4 + 4]
        for place in mine:
            if place is places[0]:
                fill_section_b(site, place)
                continue
            making.filled(session, place, manager_ncid=f"max{place.number}")
            site.submit(site.open(f"/enrollment/{enrollment.id}/locations/{place.id}/section-b/review"), "#complete")
        for document in DOCUMENTS:
            page = sign(site, enrollment, document, f"{first} {last}")
            assert "Signed 4 times." in text_of(page)
        coordinators.append(site)
    return coordinators


def officers_sign(invited, enrollment):
    """Both read and sign both agreements; returns their browsers by capacity."""
    sites = {}
    for capacity, name in (("ceo", "Olga Ortiz"), ("cmo", "Carl Mora")):
        sites[capacity] = invited(f"{name.split()[0].lower()}@harvest.example")
        for document in ("provider_agreement", "redistribution_agreement"):
            sign(sites[capacity], enrollment, document, name)
    return sites


def of_state(enrollment, location=None):
    base = f"/state/enrollments/{enrollment.id}"
    return f"{base}/locations/{location.id}" if location else base


def ask(state, url, field, comment):
    """The state asks for a correction by the link beside the field."""
    page = state.open(state.open(url).select_one(f"#field-{field} .row-act a")["href"])
    assert comment in text_of(state.submit(page, "#correction", comment=comment), f"#field-{field}")


def standing(session, enrollment):
    """How many signatures stand, by document and capacity, and how many were replaced."""
    session.expire_all()
    found = session.scalars(select(Signature).where(Signature.enrollment_id == enrollment.id)).all()
    stand = Counter((one.document, one.capacity) for one in found if one.superseded_at is None)
    return stand, sum(one.superseded_at is not None for one in found)


def approve_but_one(state, session, enrollment, denied):
    for place in making.locations_of(session, enrollment):
        if place.id == denied.id:
            page = state.submit(state.open(f"{of_state(enrollment, place)}/deny"), "#reason", why="No freezer there")
            assert "The location is denied." in text_of(page)
            continue
        page = state.submit(state.open(f"{of_state(enrollment, place)}/approve"), "#approve")
        assert "is approved" in text_of(page)


def test_twelve_locations_are_returned_corrected_signed_where_needed_and_approved_one_by_one(
    app, session, invited, smtp, state, now
):
    ann, enrollment = apply_with_twelve(app, session, invited)
    coordinators = fill_in_and_sign(session, invited, enrollment)
    assert len(smtp.to("vera@blueridge.example")) == 1, "one mail for four locations"
    officers = officers_sign(invited, enrollment)
    session.expire_all()
    assert enrollment.status == "submitted"
    whole = Counter({(document, "coordinator"): 12 for document in DOCUMENTS})
    for document in ("provider_agreement", "redistribution_agreement"):
        whole |= {(document, capacity): 1 for capacity in officers}
    assert standing(session, enrollment) == (whole, 0)

    fifth, sixth = making.locations_of(session, enrollment)[4:6]
    ask(state, of_state(enrollment), "officer_cmo_license_number", "One digit is missing")
    ask(state, of_state(enrollment), "legal_name", "Add the form of the company")
    ask(state, of_state(enrollment, fifth), "capacity_frozen", "You showed us a freezer")
    state.submit(state.open(f"{of_state(enrollment)}/return"), "#return", message="Nearly there")
    correct(session, ann, coordinators[1], enrollment, fifth)
    assert standing(session, enrollment) == (whole, 0), "what changed is not signed yet, and nothing else is touched"
    assert coordinators[0].open(f"/enrollment/{enrollment.id}").select_one("#corrections") is None
    page = sign(coordinators[1], enrollment, "storage_attestation", "Wes Dunn")
    assert "Signed." in text_of(page)
    for capacity, name in (("ceo", "Olga Ortiz"), ("cmo", "Carl Mora")):
        for document in ("provider_agreement", "redistribution_agreement"):
            sign(officers[capacity], enrollment, document, name)
    assert standing(session, enrollment) == (whole, 5)
    assert enrollment.status == "submitted"
    page = officers["ceo"].open(f"/enrollment/{enrollment.id}/agreements")
    papers = [text_of_pdf(officers["ceo"].get(link["href"]).data) for link in page.select('main a[href$=".pdf"]')]
    assert any("Redistribution" in paper for paper in papers)
    assert all(f"{NAME}, Inc." in paper for paper in papers[:2])

    approve_but_one(state, session, enrollment, sixth)
    session.expire_all()
    assert (enrollment.status, sixth.status, sixth.location_id) == ("approved", "denied", None)
    assert len(session.scalars(select(Location)).all()) == 11
    assert may_redistribute(session, enrollment.provider_organization_id)
    text = text_of(ann.open(f"/enrollment/{enrollment.id}"))
    assert "The organization is enrolled." in text
    assert "No freezer there" in text


def correct(session, ann, wes, enrollment, place):
    """Administrator and coordinator mend what they were asked for; the sections are completed again."""
    base = f"/enrollment/{enrollment.id}"
    page = ann.open(base)
    assert "One digit is missing" in text_of(page)
    assert "You showed us a freezer" not in text_of(page, "#corrections")
    ann.submit(ann.open(f"{base}/section-a/cmo"), press="Next", officer_cmo_license_number="2001-123456")
    ann.submit(ann.open(f"{base}/section-a/organization"), press="Next", legal_name=f"{NAME}, Inc.")
    ann.submit(ann.open(f"{base}/section-a"), "#complete")
    assert "You showed us a freezer" in text_of(wes.open(base), "#corrections")
    section_b = f"{base}/locations/{place.id}/section-b"
    wes.submit(wes.open(f"{section_b}/storage"), "#step-form", press="Next", capacity_frozen="30")
    wes.submit(wes.open(f"{section_b}/review"), "#complete")


def test_a_new_freezer_and_a_new_cmo_are_signed_for_while_the_approved_version_stays_in_force(
    app, session, invited, state, now
):
    enrollment = making.approved(session, places=2, redistribution="yes")
    place = making.locations_of(session, enrollment)[0]
    before, base = dict(place.approved), f"/enrollment/{enrollment.id}"
    vera = Site(app, session).sign_in(session.get_one(Account, making.coordinator_of(session, place).id))
    ann = Site(app, session).sign_in(session.get_one(Account, making.boss_of(session, enrollment).id))
    buy_a_freezer(vera, f"{base}/locations/{place.id}")
    hire_a_cmo(ann, base)
    sign(vera, enrollment, "storage_attestation", place.coordinator_name)
    dana = invited("dana@harvest.example")
    for document in ("provider_agreement", "redistribution_agreement"):
        sign(dana, enrollment, document, "Dana Diaz")
    stand, replaced = standing(session, enrollment)
    assert (stand["provider_agreement", "ceo"], replaced) == (1, 3), "the CEO does not sign again"
    assert (enrollment.status, enrollment.approved["officer_cmo_first_name"]) == ("submitted", "Carl")
    assert place.approved == before
    assert session.scalars(select(StorageUnit.brand).where(StorageUnit.approved.is_(True))).all() == ["Helmer"] * 2
    assert may_redistribute(session, enrollment.provider_organization_id)

    page = state.open(of_state(enrollment))
    row = page.select_one("#field-officer_cmo_first_name")
    assert (text_of(row, "del"), text_of(row, "ins")) == ("Carl", "Dana")
    page = state.open(of_state(enrollment, place))
    row = page.select_one("#field-capacity_ultra_frozen")
    assert (text_of(row, "del"), text_of(row, "ins")) == ("No capacity", "30")
    assert "So-Low U85" in text_of(page)
    state.submit(state.open(f"{of_state(enrollment, place)}/approve"), "#approve")
    session.expire_all()
    assert enrollment.status == "approved"
    assert (enrollment.approved["officer_cmo_first_name"], place.approved["capacity_ultra_frozen"]) == ("Dana", "30")
    assert len(session.scalars(select(Location)).all()) == 2, "nothing is opened twice"


def buy_a_freezer(vera, base):
    """The coordinator begins the update of one location, adds the unit with its pictures, and completes it."""
    vera.submit(vera.open(f"{base}/section-b/review"), 'form[action$="/update"]')
    pictures = {side: (io.BytesIO(draw_unit(side)), f"{side}.jpg") for side in ("inside", "outside")}
    vera.submit(vera.open(f"{base}/units/new"), brand="So-Low", model="U85", kind="ultra_low", **pictures)
    page = vera.open(f"{base}/section-b/storage")
    page = vera.submit(page, "#step-form", press="Next", capacity_ultra_frozen="30")
    vera.submit(vera.open(f"{base}/section-b/review"), "#complete")


def hire_a_cmo(ann, base):
    """The administrator names another Chief Medical Officer and completes Section A again."""
    page = ann.open(base)
    action = page.select_one('form[action$="/update"]')
    if action is not None:
        ann.submit(page, 'form[action$="/update"]')
    new = {"first_name": "Dana", "last_name": "Diaz", "email": "dana@harvest.example"}
    page = ann.open(f"{base}/section-a/cmo")
    ann.submit(page, press="Next", **{f"officer_cmo_{key}": value for key, value in new.items()})
    ann.submit(ann.open(f"{base}/section-a"), "#complete")
