"""A one-location pharmacy comes from registering, by mails and pages alone, to its first delivery."""

from sqlalchemy import select

from app.domain.enrollment.models import EnrolledLocation, Enrollment
from tests import make
from tests.browserless import Site, text_of
from tests.journeys.enrolling import fill_section_a, fill_section_b, sign


def test_a_pharmacy_comes_from_registering_to_its_first_delivery(app, session, invited, machines, smtp, now):
    stranger = Site(app, session)
    page = stranger.open("/enrollment/register")
    stranger.submit(page, first_name="Ann", last_name="Lee", email="ann@harvest.example")
    ann = invited("ann@harvest.example")
    enrollment = session.scalars(select(Enrollment)).one()
    fill_section_a(ann, f"/enrollment/{enrollment.id}")
    place = session.scalars(select(EnrolledLocation)).one()

    vera = invited(place.coordinator_email)
    assert "Section B is complete" in text_of(fill_section_b(vera, place))
    for document in ("provider_agreement", "storage_attestation"):
        sign(vera, enrollment, document, place.coordinator_name)

    assert not smtp.to("bea@harvest.example"), "a backup coordinator is never invited"
    for capacity, name in (("ceo", "Olga Ortiz"), ("cmo", "Carl Mora")):
        officer = invited(f"{name.split()[0].lower()}@harvest.example")
        page = officer.open(f"/enrollment/{enrollment.id}/agreements")
        assert "Redistribution" not in text_of(page)
        sign(officer, enrollment, "provider_agreement", name)
        session.expire_all()
        assert enrollment.status == ("signatures" if capacity == "ceo" else "submitted")

    state = Site(app, session).sign_in(make.administrator(session))
    review = f"/state/enrollments/{enrollment.id}/locations/{place.id}"
    page = state.open(review)
    picture = state.get(page.select_one("main img")["src"])
    assert picture.data.startswith(b"\xff\xd8")
    page = state.submit(state.open(f"{review}/approve"), "#approve")
    assert "is approved" in text_of(page)
    assert "Approved" in text_of(ann.open(f"/enrollment/{enrollment.id}"))

    manager = invited("max@harvest.example")
    assert "/provider/" in manager.url
    base = manager.url.split("/clinic")[0]
    page = manager.submit(
        manager.open(f"{base}/inventory/receive"), product="pfizer", lot_number="EN6201", doses_expected="195",
        doses_received="195", **{"expires_on-month": "7", "expires_on-day": "31", "expires_on-year": "2021"},
    )  # fmt: skip
    assert "195" in text_of(page)
    assert "195" in text_of(manager.open(f"{base}/inventory"))
