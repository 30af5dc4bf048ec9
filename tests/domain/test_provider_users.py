"""Users of a location: taken on, given a second location, changed, deactivated, invited again."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.accounts import invitations, sessions
from app.domain.accounts.access import Role, system
from app.domain.accounts.models import Account, Grant, Invitation, SignInSession
from app.domain.errors import NotAllowed, NotFound
from app.domain.oversight.last_days import end_what_is_over
from app.domain.providers.change_user import (
    ChangeProfile,
    DeactivateUser,
    ResendInvitation,
    change_profile,
    deactivate_user,
    resend_invitation,
)
from app.domain.providers.grant_user import GrantUser, grant_user
from app.domain.providers.take_on_user import TakeOnUser, take_on_user
from app.domain.providers.user_errors import AlreadySignedIn, NobodyFound, NotDone, SeveralFound, UserRefused
from app.domain.providers.users import list_users
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make.accounts import PASSWORD, actor
from tests.together import ends

HELEN = {
    "first_name": "Helen", "last_name": "Provo", "email": "helen@clinic.example", "ncid": "hprovo",
    "profile": "Healthcare Provider",
}  # fmt: skip


@pytest.fixture
def place(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def other(session, now):
    return make.location(session, "Westside Clinic")


@pytest.fixture
def boss(session, place):
    return actor(session, make.manager(session, place, first_name="Mo", last_name="Miller"))


def take_on(session, who, place, now, **other):
    return take_on_user(session, who, TakeOnUser(place.id, **{**HELEN, **other}), now=now)


def refused(session, who, place, now, **other):
    with pytest.raises(UserRefused) as refusal:
        take_on(session, who, place, now, **other)
    return {name: why.code for name, why in refusal.value.reasons.items()}


def accept(session, invitation, now):
    token = invitations.make_link(session, "invitation", now=now, invitation_id=invitation.id)
    session.flush()
    invitation, link = invitations.open_invitation(session, token, now=now)
    return invitations.accept_with_new_account(session, invitation, link, PASSWORD, now=now)


def listed(session, who, place, **how):
    return [(one.full_name, one.status, one.role) for one in list_users(session, who, place.id, **how).items]


def mails(session):
    return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def test_a_new_user_is_invited_and_signs_in_with_the_ncid(session, place, boss, now):
    assert take_on(session, boss, place, now) == "invited"
    assert mails(session) == ["accounts.invited"]
    assert listed(session, boss, place) == [
        ("Mo Miller", "active", Role.LOCATION_MANAGER), ("Helen Provo", "invited", Role.HEALTHCARE_PROVIDER),
    ]  # fmt: skip
    account = accept(session, session.scalars(select(Invitation)).one(), now)
    assert sessions.find_by_name(session, "provider", "HPROVO") == account
    assert listed(session, boss, place)[1] == ("Helen Provo", "active", Role.HEALTHCARE_PROVIDER)


def test_every_mistake_is_told_at_once(session, place, boss, now):
    wrong = {"first_name": "", "last_name": "R2D2", "email": "helen@", "ncid": "helen@clinic.example", "profile": "Boss"}
    assert refused(session, boss, place, now, **wrong) == {
        "first_name": "missing", "last_name": "bad_name", "email": "bad_email", "ncid": "ncid_is_email",
        "profile": "unknown_profile",
    }  # fmt: skip
    assert refused(session, boss, place, now, first_name="x" * 41, ncid="two words") == {
        "first_name": "too_long", "ncid": "bad_ncid",
    }  # fmt: skip
    assert session.scalars(select(Invitation)).all() == []


def test_whoever_has_an_account_gets_the_location_in_it_and_a_mail(session, place, other, boss, now):
    known = make.healthcare_provider(session, other, name="hprovo", first_name="Helen", last_name="Provo")
    assert take_on(session, boss, place, now, ncid="HProvo") == "granted"
    assert mails(session) == ["providers.location_granted"]
    assert {grant.scope_id for grant in actor(session, known).grants} == {place.id, other.id}


def test_an_ncid_belongs_to_one_person(session, place, other, boss, now):
    make.healthcare_provider(session, other, name="hprovo", first_name="Horst", last_name="Provo")
    assert refused(session, boss, place, now) == {"ncid": "ncid_of_another"}


def test_an_ncid_that_is_invited_elsewhere_belongs_to_one_mailbox(session, place, other, boss, now):
    take_on(session, system("test"), other, now)
    assert refused(session, boss, place, now, email="else@clinic.example") == {"ncid": "ncid_invited"}
    assert refused(session, boss, place, now, first_name="Hanna") == {"ncid": "ncid_of_another"}


def test_one_link_takes_the_invitations_of_several_clinics_into_one_account(session, place, other, boss, now):
    chief = actor(session, make.manager(session, other))
    take_on(session, chief, other, now)
    take_on(session, boss, place, now)
    first, second = session.scalars(select(Invitation).order_by(Invitation.id))
    account = accept(session, second, now)
    assert {grant.scope_id for grant in actor(session, account).grants} == {place.id, other.id}
    assert first.accepted_at == now
    assert [name.name for name in account.names] == ["hprovo"]


def test_families_share_a_mailbox_but_a_person_has_one_ncid(session, place, other, boss, now):
    make.healthcare_provider(session, other, name="hp1", first_name="Helen", last_name="Provo", email=HELEN["email"])
    assert refused(session, boss, place, now) == {"ncid": "other_ncid"}
    assert take_on(session, boss, place, now, first_name="Henry", ncid="henry") == "invited"


def test_a_user_is_not_taken_on_twice(session, place, boss, now):
    take_on(session, boss, place, now)
    assert refused(session, boss, place, now) == {"ncid": "present"}
    assert refused(session, boss, place, now, profile="Location Manager") == {"profile": "other_profile"}
    assert len(mails(session)) == 1


def test_only_managers_of_the_place_have_to_do_with_its_users(session, place, other, boss, now):
    nurse = actor(session, make.healthcare_provider(session, place))
    with pytest.raises(NotAllowed):
        take_on(session, nurse, place, now)
    with pytest.raises(NotFound):
        take_on(session, boss, other, now)
    with pytest.raises(NotAllowed):
        list_users(session, nurse, place.id)


def test_a_closed_location_takes_nobody_on(session, place, boss, now):
    place.closed_at = now
    session.commit()
    with pytest.raises(NotAllowed):
        take_on(session, boss, place, now)


def test_a_user_is_found_by_whole_name_or_address_and_looked_at_first(session, place, other, boss, now):
    known = make.healthcare_provider(session, other, name="hprovo", first_name="Helen", last_name="Provo")
    make.person(session, other.id, email="patient@example.net")
    for who in ("hprov", "provo", "patient@example.net", "", "%"):
        with pytest.raises(NobodyFound):
            grant_user(session, boss, GrantUser(place.id, who, "Healthcare Provider"), now=now)
    found, given = grant_user(session, boss, GrantUser(place.id, known.email.upper(), "Healthcare Provider"), now=now)
    assert (found.full_name, found.ncid, given) == ("Helen Provo", "hprovo", False)
    assert mails(session) == []
    command = GrantUser(place.id, " HPROVO ", "Healthcare Location Manager", confirmed=True)
    assert grant_user(session, boss, command, now=now)[1]
    assert ("Helen Provo", "active", Role.LOCATION_MANAGER) in listed(session, boss, place)
    assert mails(session) == ["providers.location_granted"]
    with pytest.raises(NotDone):
        grant_user(session, boss, command, now=now)


def test_a_mailbox_of_several_users_names_nobody(session, place, other, boss, now):
    for name in ("one", "two"):
        make.healthcare_provider(session, other, name=name, email="desk@clinic.example")
    with pytest.raises(SeveralFound):
        grant_user(session, boss, GrantUser(place.id, "desk@clinic.example", "HCP"), now=now)


def test_a_granted_user_has_no_open_invitation_left(session, place, other, boss, now):
    take_on(session, boss, place, now, ncid="HProvo")
    make.healthcare_provider(session, other, name="hprovo", first_name="Helen", last_name="Provo")
    grant_user(session, boss, GrantUser(place.id, "hprovo", "HCP", confirmed=True), now=now)
    assert len(listed(session, boss, place)) == 2


def test_a_profile_is_changed_and_leaves_its_trace(session, place, boss, now):
    nurse = make.healthcare_provider(session, place, last_name="Nolan")
    change_profile(session, boss, ChangeProfile(place.id, nurse.id, "location_manager"), now=now)
    assert [grant.role for grant in actor(session, nurse).grants] == [Role.LOCATION_MANAGER]
    ended = session.scalars(select(Grant).where(Grant.account_id == nurse.id, Grant.ended_at.is_not(None))).one()
    assert ended.role == Role.HEALTHCARE_PROVIDER
    with pytest.raises(UserRefused):
        change_profile(session, boss, ChangeProfile(place.id, nurse.id, "recipient"), now=now)


def test_who_left_loses_access_also_at_a_location_that_is_closed(session, place, boss, now):
    nurse = make.healthcare_provider(session, place, last_name="Nolan")
    place.closed_at = now
    deactivate_user(session, boss, DeactivateUser(place.id, nurse.id), now=now)
    assert actor(session, nurse).grants == ()
    with pytest.raises(NotAllowed):
        take_on(session, boss, place, now)


def test_the_profile_of_an_invitation_is_changed(session, place, boss, now):
    take_on(session, boss, place, now)
    offer = session.scalars(select(Invitation)).one()
    change_profile(session, boss, ChangeProfile(place.id, offer.id, "location_manager"), now=now)
    account = accept(session, offer, now)
    assert [grant.role for grant in actor(session, account).grants] == [Role.LOCATION_MANAGER]


def test_a_deactivated_user_is_signed_out_and_keeps_other_locations(session, place, other, boss, now):
    nurse = make.healthcare_provider(session, other, last_name="Nolan")
    invitations.give_role(session, boss, nurse, Role.HEALTHCARE_PROVIDER, place.id, now=now)
    sessions.start_session(session, nurse.id, device="phone", now=now)
    deactivate_user(session, boss, DeactivateUser(place.id, nurse.id), now=now)
    assert session.scalars(select(SignInSession)).one().ended_at == now
    assert [grant.scope_id for grant in actor(session, nurse).grants] == [other.id]
    assert listed(session, boss, place, deactivated=True) == [("Ann Nolan", "deactivated", Role.HEALTHCARE_PROVIDER)]
    change_profile(session, boss, ChangeProfile(place.id, nurse.id, "healthcare_provider"), now=now)
    assert listed(session, boss, place, deactivated=True) == []
    assert mails(session) == ["providers.location_granted"]


def test_nobody_deactivates_themselves_or_the_last_manager(session, place, boss, now):
    with pytest.raises(NotDone) as refusal:
        deactivate_user(session, boss, DeactivateUser(place.id, boss.id), now=now)
    assert refusal.value.why.code == "oneself"
    with pytest.raises(NotDone) as refusal:
        deactivate_user(session, system("help desk"), DeactivateUser(place.id, boss.id), now=now)
    assert refusal.value.why.code == "last_manager"
    with pytest.raises(NotDone):
        change_profile(session, system("help desk"), ChangeProfile(place.id, boss.id, "healthcare_provider"), now=now)
    leaving = make.manager(session, place, name="leaving")
    session.scalars(select(Grant).where(Grant.account_id == leaving.id)).one().until = now + timedelta(days=7)
    session.flush()
    with pytest.raises(NotDone):
        deactivate_user(session, system("help desk"), DeactivateUser(place.id, boss.id), now=now)


def test_a_closed_account_gets_no_access_that_it_cannot_use(session, place, boss, now):
    nurse = make.healthcare_provider(session, place, last_name="Nolan")
    deactivate_user(session, boss, DeactivateUser(place.id, nurse.id), now=now)
    nurse.closed_at = now
    with pytest.raises(NotDone) as refusal:
        change_profile(session, boss, ChangeProfile(place.id, nurse.id, "healthcare_provider"), now=now)
    assert "closed" in str(refusal.value.why)
    assert mails(session) == []


def test_a_role_whose_last_day_is_over_is_over_for_the_place_too(session, database, place, boss, now):
    cover = make.manager(session, place, first_name="Cleo", last_name="Cover")
    grant = session.scalars(select(Grant).where(Grant.account_id == cover.id)).one()
    grant.until = now + timedelta(days=1)
    session.commit()
    assert end_what_is_over(database, now=now) == 0
    assert [end_what_is_over(database, now=grant.until) for _ in range(2)] == [1, 0]
    session.expire_all()
    assert grant.ended_at == grant.until
    assert listed(session, boss, place, deactivated=True) == [("Cleo Cover", "deactivated", Role.LOCATION_MANAGER)]
    with pytest.raises(NotDone) as refusal:
        deactivate_user(session, system("help desk"), DeactivateUser(place.id, boss.id), now=now)
    assert refusal.value.why.code == "last_manager"
    change_profile(session, boss, ChangeProfile(place.id, cover.id, "location_manager"), now=grant.until)
    assert listed(session, boss, place, deactivated=True) == []


def test_two_managers_who_deactivate_each_other_leave_one(session, database, place, boss, now):
    second = actor(session, make.manager(session, place, last_name="Second"))
    here = place.id
    session.rollback()

    def deactivate(who, whom):
        with database.transaction() as apart:
            try:
                deactivate_user(apart, who, DeactivateUser(here, whom.id), now=now)
            except NotDone as refusal:
                return refusal.why.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(deactivate, (boss, second), (second, boss)))
    assert sorted(outcomes) == ["done", "last_manager"]


def test_two_clinics_that_invite_the_same_ncid_at_once_make_no_second_person(session, database, place, other, now):
    people = [(place.id, actor(session, make.manager(session, place)), "Helen")]
    people.append((other.id, actor(session, make.manager(session, other)), "Hanna"))
    session.rollback()

    def invite(part):
        where, who, first = part
        with database.transaction() as apart:
            try:
                return take_on_user(apart, who, TakeOnUser(where, **{**HELEN, "first_name": first}), now=now)
            except UserRefused as refusal:
                return refusal.reasons["ncid"].code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(invite, people)) == ["invited", "ncid_of_another"]


def test_an_invitation_goes_out_again_to_the_right_address(session, place, boss, now):
    take_on(session, boss, place, now)
    offer = session.scalars(select(Invitation)).one()
    command = ResendInvitation(place.id, offer.id, "h.provo@clinic.example")
    assert resend_invitation(session, boss, command, now=now) == "h.provo@clinic.example"
    assert mails(session) == ["accounts.invited"] * 2
    with pytest.raises(UserRefused):
        resend_invitation(session, boss, ResendInvitation(place.id, offer.id, "nowhere"), now=now)
    with pytest.raises(AlreadySignedIn):
        resend_invitation(session, boss, ResendInvitation(place.id, boss.id), now=now)


def test_an_invitation_that_was_withdrawn_opens_nothing(session, place, boss, now):
    take_on(session, boss, place, now)
    offer = session.scalars(select(Invitation)).one()
    token = invitations.make_link(session, "invitation", now=now, invitation_id=offer.id)
    deactivate_user(session, boss, DeactivateUser(place.id, offer.id), now=now)
    with pytest.raises((invitations.LinkUnknown, invitations.LinkExpired)):
        invitations.open_invitation(session, token, now=now)
    assert take_on(session, boss, place, now) == "invited"


@pytest.mark.parametrize("first", ["accepts", "withdraws"])
def test_an_invitation_is_accepted_or_withdrawn_and_never_both(session, database, place, boss, now, first):
    take_on(session, boss, place, now)
    offer = session.scalars(select(Invitation)).one()
    token = invitations.make_link(session, "invitation", now=now, invitation_id=offer.id)
    here, whose = place.id, offer.id
    session.commit()
    pauses = (0.1, 0.2) if first == "accepts" else (0.6, 0)

    def accepts(own):
        found, link = invitations.open_invitation(own, token, now=now)
        time.sleep(pauses[0])
        invitations.accept_with_new_account(own, found, link, PASSWORD, now=now)

    def withdraws(own):
        time.sleep(pauses[1])
        own.get(Invitation, whose)
        time.sleep(pauses[1])
        deactivate_user(own, boss, DeactivateUser(here, whose), now=now)

    outcomes = ends(database, accepts, withdraws)
    session.expire_all()
    assert outcomes.count("done") == 1
    assert bool(offer.accepted_at) != bool(offer.withdrawn_at)
    assert bool(offer.withdrawn_at) != bool(session.scalars(select(Grant).where(Grant.account_id != boss.id)).first())


def test_users_of_another_place_are_not_there(session, place, other, boss, now):
    foreign = make.healthcare_provider(session, other)
    with pytest.raises(NotFound):
        deactivate_user(session, boss, DeactivateUser(place.id, foreign.id), now=now)
    assert session.get_one(Account, foreign.id).closed_at is None
