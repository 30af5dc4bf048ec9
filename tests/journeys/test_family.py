"""A parent registers a child and consents, the child is vaccinated, the proof is printed, and the child turns 18."""

from datetime import UTC, datetime

import time_machine

from app.domain.recipients.guardians.queries import consent_of
from app.domain.recipients.models import Recipient
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, someone

CHILD = {
    "first_name": "Mia", "last_name": "Lopez", "birth_date__month": "6", "birth_date__day": "15",
    "birth_date__year": "2004", "relation": "parent", "right": "y", "consent": "y",
}  # fmt: skip


def test_a_parent_acts_for_a_child_until_it_is_18(site, session, machines, smtp, now):
    clinic = make.location(session, "Eastside Clinic")
    parent = someone(session, first_name="Rosa", email="rosa@example.net")
    account = make.person(session, parent.id, email="rosa@example.net", first_name="Rosa", last_name="Lopez")
    site.sign_in(account)

    page = site.submit(site.open(f"/recipient/{parent.id}/family/add"), "#add", **CHILD)
    record = page.find("a", string="Open the record of Mia")["href"]
    child = session.query(Recipient).filter_by(first_name="Mia").one()
    registration = site.open(site.open(record).find("a", string="Register now")["href"])
    assert registration.find("input", {"name": "first_name"})["value"] == "Mia"

    consent = consent_of(session, child.id, now=now)
    assert (consent.guardian_name, consent.relation) == ("Rosa Lopez", "parent")
    dose(session, clinic, child, make_lot(session, clinic, product="pfizer"))

    page = site.open(record)
    assert "Eastside Clinic" in text_of(page, "#doses")
    proof = site.open(f"{record}/proof")
    site.submit(proof, "main form[method=post]")
    assert site.get(f"{record}/proof/download").data.startswith(b"%PDF")
    assert "A parent or guardian" in text_of(site.open(f"{record}/access"))

    with time_machine.travel(datetime(2022, 6, 15, 14, 0, tzinfo=UTC), tick=True):
        site.sign_in(account)
        site.open(record, expect=404)
        assert "You act for nobody" in text_of(site.open(f"/recipient/{parent.id}/family"))
        session.rollback()
        for name in ("coming-of-age", "mail"):
            machines.queue.run(name)
    told = smtp.to("rosa@example.net")[-1]
    assert told["Subject"] == "Somebody you act for is now 18"
    assert "Mia" not in told.get_content()
