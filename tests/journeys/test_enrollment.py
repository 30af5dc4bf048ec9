"""A one-location pharmacy comes from registering, by mails and pages alone, to its first delivery."""

import io
import re

import pytest
from sqlalchemy import select

from app import factory
from app.config import load
from app.domain.enrollment.fields import fields_of
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.jobs import worker
from app.jobs.demo.enrollments import draw_unit
from tests import make
from tests.browserless import Site, text_of
from tests.conftest import KEY
from tests.make import enrollment as making

PASSWORD = "Enroll-in-2021"


@pytest.fixture
def machines(settings, smtp, database_url, tmp_path):
    """The program with a mail server to talk to, and a worker at the press of a button."""
    told = {"CVMS_INSTANCE": str(tmp_path), "CVMS_TESTING": "1", "SECRET_KEY": KEY, "PUBLIC_URL": "http://cvms.test"}
    made = factory.make_machines(load(told | {"DATABASE_URL": database_url, "SMTP_URL": smtp.url}))
    worker.add_jobs(made.queue, made.settings, made.database, made.storage)
    yield made
    made.database.dispose()
    made.queue.close()


@pytest.fixture
def invited(app, session, machines, smtp):
    """Somebody opens the newest mail, follows its link and sets a password."""

    def follow(address):
        session.rollback()
        machines.queue.sweep()
        mail = smtp.to(address)[-1]
        site = Site(app, session)
        page = site.open(re.search(r"http://cvms\.test(/account/invitations/\S+)", mail.get_content())[1])
        site.submit(page, password=PASSWORD, again=PASSWORD)
        return site

    return follow


def answers_of(section, answers, step):
    return {field.key: answers[field.key] for field in fields_of(section, step) if field.key in answers}


def sign(site, enrollment, document, name):
    page = site.open(f"/enrollment/{enrollment.id}/agreements/{document}")
    return site.submit(page, "#sign", typed_name=name, agreed="y")


def fill_section_a(ann, base):
    page = ann.open(f"{base}/section-a")
    page = ann.open(f"{base}/section-a/organization")
    for step in ("organization", "administrator", "redistribution", "cmo", "ceo"):
        page = ann.submit(page, press="Next", **answers_of("a", making.section_a(), step))
    ann.submit(ann.open(f"{base}/locations/new"), press="Save", **making.place())
    ann.submit(ann.open(f"{base}/section-a"), "#complete")


def fill_section_b(vera, place):
    base = f"/enrollment/{place.enrollment_id}/locations/{place.id}"
    page = vera.open(f"{base}/section-b")
    for step in ("location_details", "backup", "shipping", "hours", "patients", "storage", "manager"):
        page = vera.submit(page, "#step-form", press="Next", **answers_of("b", making.section_b(), step))
    pictures = {side: (io.BytesIO(draw_unit(side)), f"{side}.jpg") for side in ("inside", "outside")}
    vera.submit(vera.open(f"{base}/units/new"), brand="Helmer", model="GX", kind="freezer", **pictures)
    page = vera.open(f"{base}/providers/new")
    vera.submit(page, first_name="Nora", last_name="Nolan", title="NP", license_number="NP-5")
    return vera.submit(vera.open(f"{base}/section-b/review"), "#complete")


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
