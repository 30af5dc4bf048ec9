"""Redistribution stays within one provider organization, and both of its officers signed the agreement for it."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.enrollment import states
from app.domain.enrollment.agreements import REDISTRIBUTION_AGREEMENT
from app.domain.enrollment.models import Signature
from app.domain.enrollment.redistribution import may_redistribute
from app.domain.transfers.decide import Decide, approve
from app.domain.transfers.errors import NoAgreement, NotOneOrganization
from app.domain.transfers.queries import receivers_for
from app.domain.transfers.request_transfer import request_transfer
from app.domain.transfers.ship import Ship, ship
from tests import make
from tests.make import transfers as moving
from tests.make.inventory import lot as make_lot
from tests.make.transfers import STATE, asking
from tests.make.vaccinations import nurse_at

TODAY = date(2021, 3, 10)


@pytest.fixture
def signed(session, now):
    return moving.organization_that_redistributes(session)


def ask(session, sender, receiver, now):
    command = asking(sender, receiver, (make_lot(session, sender), 5), kind="redistribution")
    return request_transfer(session, nurse_at(sender.id), command, now=now, today=TODAY)


def withdraw(session, enrollment, now, capacity="cmo"):
    signature = session.scalars(
        select(Signature).where(
            Signature.enrollment_id == enrollment.id, Signature.document == REDISTRIBUTION_AGREEMENT,
            Signature.capacity == capacity, Signature.superseded_at.is_(None),
        )
    ).one()  # fmt: skip
    signature.superseded_at = now
    session.flush()


def test_an_organization_with_the_signed_agreement_redistributes_among_its_own(session, signed, now):
    _enrollment, (one, other) = signed
    assert ask(session, one, other, now).status == "requested"
    assert receivers_for(session, nurse_at(one.id), one.id, kind="redistribution") == [other]


def test_between_two_organizations_it_is_a_transfer(session, signed, now):
    _enrollment, (one, _other) = signed
    with pytest.raises(NotOneOrganization):
        ask(session, one, make.location(session, "Elsewhere"), now)


def test_without_the_agreement_nothing_is_redistributed(session, now):
    one = make.location(session, "Main")
    other = make.location(session, "Branch")
    other.provider_organization_id = one.provider_organization_id
    session.commit()
    with pytest.raises(NoAgreement):
        ask(session, one, other, now)
    _enrollment, places = moving.organization_that_redistributes(session, redistribution="no")
    with pytest.raises(NoAgreement):
        ask(session, *places, now)


@pytest.mark.parametrize("capacity", ["ceo", "cmo"])
def test_a_signature_that_stands_no_more_stops_it_at_every_stage(session, signed, now, capacity):
    enrollment, (one, other) = signed
    waiting = ask(session, one, other, now)
    going = moving.approved(session, one, other, (make_lot(session, one), 5), kind="redistribution")
    withdraw(session, enrollment, now, capacity)
    assert not may_redistribute(session, one.provider_organization_id)
    with pytest.raises(NoAgreement):
        ask(session, one, other, now)
    with pytest.raises(NoAgreement):
        approve(session, STATE, Decide(waiting.id), now=now)
    with pytest.raises(NoAgreement):
        ship(session, nurse_at(one.id), Ship(one.id, going.id, {}), now=now, today=TODAY)
    assert (waiting.status, going.status) == ("requested", "approved")


def test_an_organization_that_left_the_program_redistributes_no_more(session, signed, now):
    enrollment, (one, _other) = signed
    enrollment.status = states.DISENROLLED
    session.flush()
    assert not may_redistribute(session, one.provider_organization_id)


def test_receivers_are_found_by_name_and_town_and_closed_ones_are_not(session, now):
    home, near, far = (make.location(session, name) for name in ("Home", "North Clinic", "South Clinic"))
    actor = nurse_at(home.id)
    assert receivers_for(session, actor, home.id, "clinic") == [near, far]
    assert receivers_for(session, actor, home.id, "north ral") == [near]
    assert receivers_for(session, actor, home.id, "100%") == []
    far.closed_at = now
    session.flush()
    assert receivers_for(session, actor, home.id) == [near]
