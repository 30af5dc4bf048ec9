"""The important message that a mail announces is on the page to which it leads."""

import pytest

from app.domain.inventory.recall import LiftRecall, MakeRecall, lift_recall, recall
from tests import make
from tests.make.inventory import lot
from tests.make.merging import joined
from tests.make.transfers import STATE
from tests.make.vaccinations import dose, someone


@pytest.fixture
def maria(session, now):
    clinic = make.location(session)
    person = someone(session, clinic, email="maria@example.net")
    dose(session, clinic, person, lot(session, clinic, number="EN1"))
    return person


def notices(site, session, person):
    page = site.sign_in(make.person(session, person.id)).open(f"/recipient/{person.id}")
    return [" ".join(notice.get_text(" ").split()) for notice in page.select("main .usa-alert--warning")]


@pytest.mark.parametrize(
    ("number", "said"),
    [("en-1", "recalled lot EN-1 of Pfizer-BioNTech"), ("", "stopped the use of Pfizer-BioNTech")],
)
def test_who_got_a_recalled_dose_reads_it_until_the_recall_is_lifted(site, session, maria, now, number, said):
    made = recall(session, STATE, MakeRecall("pfizer", number, "Particles were seen"), now=now)
    session.commit()
    (told,) = notices(site, session, maria)
    assert said in told
    assert "Mar 10, 2021" in told
    assert "Particles" not in told
    lift_recall(session, STATE, LiftRecall(made.id, "Fine after all"), now=now)
    session.commit()
    assert notices(site, session, maria) == []


def test_a_recall_of_another_lot_or_vaccine_is_not_told(site, session, maria, now):
    for product, number in (("pfizer", "EN2"), ("moderna-10", "EN1"), ("janssen", "")):
        recall(session, STATE, MakeRecall(product, number, "Particles"), now=now)
    session.commit()
    assert notices(site, session, maria) == []


def test_a_dose_of_a_joined_record_counts(site, session, maria, now):
    kept = someone(session, registered_at=now)
    joined(session, kept, maria)
    recall(session, STATE, MakeRecall("pfizer", "EN1", "Particles"), now=now)
    session.commit()
    assert len(notices(site, session, kept)) == 1
