"""Users and roles: found, given, ended, helped and closed by staff of the state, never by oneself."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.domain.accounts import sessions
from app.domain.accounts.access import PERMISSIONS, Actor, GrantedRole, Permission, Role
from app.domain.accounts.models import Account, Attempt, Grant, Invitation, SecondFactor, SignInName, SignInSession
from app.domain.errors import NotAllowed
from app.domain.oversight.close_account import CloseAccount, close_account
from app.domain.oversight.end_grant import EndGrant, end_grant
from app.domain.oversight.errors import LastAdministrator
from app.domain.oversight.find_users import Wanted, find_users
from app.domain.oversight.last_days import end_what_is_over
from app.domain.oversight.rights import may_give, roles_to_give
from app.infra.audit import AuditEntry
from app.infra.kept_mail import KeptMail
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import Site, text_of
from tests.make.accounts import PASSWORD
from tests.make.helpdesk import agent, opened

URL = "/state/users"


@pytest.fixture
def clinic(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def boss(session, clinic):
    return make.administrator(session, first_name="Sal", last_name="State", name="sstate")


@pytest.fixture
def staff(site, boss):
    return site.sign_in(boss)


@pytest.fixture
def nurse(session, clinic):
    return make.healthcare_provider(
        session, clinic, first_name="Nóra", last_name="O’Brien", name="nobrien", email="nora@clinic.example"
    )


def mails(session, database, settings):
    session.rollback()
    deliver_due(database, settings)
    return {mail.to: mail for mail in session.scalars(select(KeptMail))}


def found(page):
    return [link.text for link in page.select("tbody th a")]


def search(staff, name, **narrowed):
    return found(staff.submit(staff.open(URL), "form[role=search]", name=name, **narrowed))


@pytest.mark.parametrize("typed", ["obri", "nora", "NORA O'B", "o'brien no", "nobr", "nora@clin"])
def test_a_user_is_found_by_the_beginning_of_name_user_name_and_address(session, staff, nurse, clinic, typed):
    make.healthcare_provider(session, clinic, first_name="Nobody", last_name="Else", name="else", email="e@x.example")
    assert "Nóra O’Brien" in search(staff, typed)
    assert "Nobody Else" not in search(staff, typed)
    assert "obri" not in staff.url.lower()


def test_a_user_is_found_by_role_and_place(session, staff, nurse, clinic):
    other = make.manager(session, make.location(session, "Westside Clinic"), first_name="Wes", last_name="West")
    assert search(staff, "", place="eastside") == ["Nóra O’Brien"]
    assert search(staff, "", role="location_manager") == [other.full_name]
    assert search(staff, "nora", role="location_manager") == []
    assert search(staff, "nora", place="west") == []
    assert search(staff, "nora", place="100% east_side") == []


def test_the_first_page_shows_who_works_for_the_programme(staff, nurse):
    assert found(staff.open(URL)) == ["Sal State"]


def test_one_letter_is_too_little(staff, nurse):
    assert search(staff, "n") == []
    assert "two letters" in text_of(staff.open(staff.url))


def test_a_list_by_role_is_paged_and_its_queries_do_not_grow(session, database, boss, clinic):
    for number in range(5):
        make.healthcare_provider(session, clinic, first_name=f"P{number}", last_name="Quill", name=f"quill{number}")
    actor, counts = make.actor(session, boss), []

    def count(*_args):
        counts[-1] += 1

    event.listen(database.engine, "after_cursor_execute", count)
    seen, after = [], None
    for size in (2, 2, 2):
        counts.append(0)
        page = find_users(session, actor, Wanted(role=Role.HEALTHCARE_PROVIDER), after=after, size=size)
        seen += [user.full_name for user in page.items]
        after = page.next_after
    event.remove(database.engine, "after_cursor_execute", count)
    assert seen == [f"P{number} Quill" for number in (4, 3, 2, 1, 0)]
    assert after is None
    assert set(counts) == {6}


def test_the_page_of_a_user_tells_roles_browsers_and_wrong_passwords(session, database, staff, nurse, now):
    tablet = "Mozilla/5.0 (Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0"
    sessions.start_session(session, nurse.id, device=tablet, now=now)
    session.commit()
    wrong = sessions.Credentials("provider", "nobrien", "?", "10.0.0.1")
    for _ in range(sessions.PER_NAME):
        sessions.note_failure(database, wrong, now=now)
    page = text_of(staff.open(f"{URL}/{nurse.id}"))
    for words in ("Healthcare Provider", "Eastside Clinic", "Firefox Mobile on Android", "8 wrong passwords", "locked"):
        assert words in page
    staff.submit(staff.open(f"{URL}/{nurse.id}"), "main form[action$=unlock]")
    assert "locked" not in text_of(staff.open(f"{URL}/{nurse.id}"))
    assert session.scalar(select(Attempt).where(Attempt.what == "sign-in")) is None


def test_a_role_at_a_place_is_given_for_a_while_and_told(session, database, settings, staff, nurse, now):
    west = make.location(session, "Westside Clinic")
    page = staff.open(f"{URL}/{nurse.id}/roles")
    page = staff.open(page.find("a", string="Healthcare Location Manager")["href"] + "?place=westsi")
    page = staff.submit(
        page, "#give", place=str(west.id), last_day__month="3", last_day__day="31", last_day__year="2021"
    )
    assert "at Westside Clinic now" in text_of(page, "body")
    grant = session.scalars(select(Grant).where(Grant.scope_id == west.id)).one()
    assert (grant.role, grant.until.isoformat()) == ("location_manager", "2021-04-01T04:00:00+00:00")
    mail = mails(session, database, settings)["nora@clinic.example"]
    assert "Healthcare Location Manager at Westside Clinic" in mail.text
    assert "nobrien" in mail.text
    page = staff.submit(
        staff.open(f"{URL}/{nurse.id}/roles/location_manager?place=westsi"), "#give", expect=422, place=str(west.id)
    )
    assert "already" in text_of(page)


def test_whoever_gets_a_role_in_another_portal_gets_a_user_name_there(session, staff, nurse):
    staff.submit(staff.open(f"{URL}/{nurse.id}/roles/state_viewer"), "#give")
    name = session.scalars(select(SignInName.name).where(SignInName.realm == "state", SignInName.account_id == nurse.id))
    assert name.all() == ["nora@clinic.example"]
    staff.sign_in(nurse).open("/state/")
    staff.open("/state/operations", expect=403)


@pytest.mark.parametrize("place", ["", "00000000-0000-0000-0000-000000000000", "rubbish"])
def test_a_place_that_is_none_is_refused(session, staff, nurse, place):
    page = staff.open(f"{URL}/{nurse.id}/roles/location_manager?place=east")
    staff.submit(page, "#give", expect=422, place=place)
    assert session.scalars(select(Grant.role).where(Grant.account_id == nurse.id)).all() == ["healthcare_provider"]


def test_a_role_ends_with_a_reason_at_the_next_request(site, session, database, settings, boss, nurse, clinic):
    theirs = site.app.test_client()
    token = sessions.start_session(session, nurse.id, device="x", now=boss.created_at)
    session.commit()
    with theirs.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert theirs.get(f"/provider/{clinic.id}/clinic").status_code == 200
    site.sign_in(boss)
    page = site.open(site.open(f"{URL}/{nurse.id}").find("a", string="End this role")["href"])
    site.submit(page, expect=422)
    page = site.submit(page, because="Left the practice")
    assert "Left the practice" in text_of(page)
    assert theirs.get(f"/provider/{clinic.id}/clinic").status_code in {303, 401}
    assert "has ended" in mails(session, database, settings)["nora@clinic.example"].text
    assert "account.role_ended" in session.scalars(select(AuditEntry.act)).all()


@pytest.mark.parametrize("how", ["ended", "closed", "over"])
def test_the_cases_of_an_agent_whose_role_is_over_are_nobodys(session, database, storage, boss, now, how):
    case, ada = opened(session, storage), agent(session, "recipients")
    case.assigned_to_id, who, grant = ada.id, make.actor(session, boss), ada.grants[0]
    if how == "ended":
        end_grant(session, who, EndGrant(ada.id, grant.id, "Moved on"), now=now)
    elif how == "closed":
        close_account(session, who, CloseAccount(ada.id, "Moved on"), now=now)
    else:
        grant.until = now
        session.commit()
        assert end_what_is_over(database, now=now) == 1
    session.commit()
    session.refresh(case)
    assert case.assigned_to_id is None


def test_nobody_lifts_themselves_or_ends_their_own_role(session, staff, boss):
    page = staff.open(f"{URL}/{boss.id}")
    assert "This is you" in text_of(page)
    assert not page.select("main form, main a[href$='/end'], main a[href$='/close']")
    staff.open(f"{URL}/{boss.id}/roles/state_staff")
    assert staff.url == f"{URL}/{boss.id}"
    grant = session.scalars(select(Grant).where(Grant.account_id == boss.id)).one()
    page = staff.submit(staff.open(f"{URL}/{boss.id}/roles/{grant.id}/end"), expect=422, because="I want to")
    assert "your own account" in text_of(page)
    page = staff.submit(staff.open(f"{URL}/{boss.id}/close"), expect=422, because="I want to")
    assert "your own account" in text_of(page)


def test_nobody_gives_a_role_with_more_rights_than_their_own():
    def actor(role):
        return Actor("person", None, (GrantedRole(role, "program", None),))

    assert Role.STATE_ADMINISTRATOR in roles_to_give(actor(Role.STATE_ADMINISTRATOR))
    for role in Role:
        if role is not Role.STATE_ADMINISTRATOR:
            assert not any(may_give(actor(role), other) for other in Role if Permission.MANAGE_STAFF in PERMISSIONS[other])
    for never in (Role.RECIPIENT, Role.GUARDIAN, Role.VACCINE_COORDINATOR, Role.OFFICER_CEO):
        assert never not in roles_to_give(actor(Role.STATE_ADMINISTRATOR))


def test_two_administrators_who_remove_each_other_leave_one(session, database, boss, now):
    other = make.administrator(session, first_name="Ann", last_name="Other")
    pairs = [
        (make.actor(session, one), two.id, session.scalars(select(Grant.id).where(Grant.account_id == two.id)).one())
        for one, two in ((boss, other), (other, boss))
    ]
    session.rollback()
    outcomes, together = [], threading.Barrier(2)

    def remove(actor, account_id, grant_id):
        together.wait()
        try:
            with database.transaction() as own:
                end_grant(own, actor, EndGrant(account_id, grant_id, "Rivalry"), now=now)
            outcomes.append("done")
        except LastAdministrator:
            outcomes.append("last")

    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "last"]


def test_an_administrator_for_a_while_does_not_count_as_the_last(session, boss, now):
    other = make.administrator(session)
    session.scalars(select(Grant).where(Grant.account_id == boss.id)).one().until = now + timedelta(days=1)
    session.commit()
    grant_id = session.scalars(select(Grant.id).where(Grant.account_id == other.id)).one()
    with pytest.raises(LastAdministrator):
        end_grant(session, make.actor(session, boss), EndGrant(other.id, grant_id, "Gone"), now=now)


def test_a_closed_account_signs_nobody_in_and_can_be_opened_again(site, session, database, settings, staff, nurse):
    page = staff.submit(staff.open(f"{URL}/{nurse.id}/close"), because="Died in the family")
    assert "Closed" in text_of(page, ".page-head")
    assert "was closed" in mails(session, database, settings)["nora@clinic.example"].text
    assert session.scalars(select(Grant.ended_at).where(Grant.account_id == nurse.id)).one() is not None
    visitor = Site(site.app, session)
    page = visitor.open("/account/sign-in/provider")
    assert "not right" in text_of(visitor.submit(page, expect=422, name="nobrien", password=PASSWORD))
    page = staff.submit(staff.open(f"{URL}/{nurse.id}"), "main form[action$=open-again]")
    assert "None." in text_of(page)
    visitor.submit(visitor.open("/account/sign-in/provider"), name="nobrien", password=PASSWORD)
    assert "Nóra" in text_of(visitor.open("/account/"), "body")


def test_somebody_is_signed_out_everywhere_and_gets_a_link(session, database, settings, staff, nurse, now):
    sessions.start_session(session, nurse.id, device="x", now=now)
    session.commit()
    page = staff.submit(staff.open(f"{URL}/{nurse.id}"), "main form[action$=sign-out]")
    assert not page.select("main form[action$=sign-out]")
    assert session.scalars(select(SignInSession.ended_at).where(SignInSession.account_id == nurse.id)).one() is not None
    page = staff.submit(page, "main form[action$=password-link]")
    assert "nora@clinic.example" in text_of(page, "body")
    session.rollback()
    deliver_due(database, settings)
    texts = session.scalars(select(KeptMail.text).where(KeptMail.to == "nora@clinic.example")).all()
    assert any("/new-password/" in text for text in texts)


def test_a_lost_second_factor_is_turned_off_by_a_colleague(session, database, settings, staff, nurse, now):
    session.add(SecondFactor(account_id=nurse.id, secret="x", begun_at=now, confirmed_at=now, last_step=0))
    session.commit()
    page = staff.open(f"{URL}/{nurse.id}")
    assert "On since Mar 10, 2021" in text_of(page)
    page = staff.submit(page, "main form[action$=reset-factor]")
    assert "password alone" in text_of(page)
    assert "nora@clinic.example" in mails(session, database, settings)


def test_somebody_new_is_invited_corrected_and_withdrawn(session, database, settings, staff):
    new = {"first_name": "Rae", "last_name": "Reader", "email": "rae@state.exmple", "user_name": "rreader"}
    page = staff.open(f"{URL}/invite")
    staff.submit(page, "#invite", expect=422, **{**new, "user_name": "sstate"}, role="state_viewer")
    staff.submit(page, "#invite", expect=422, **new, role="help_desk_agent")
    page = staff.submit(page, "#invite", **new, role="state_viewer")
    assert "Rae Reader" in text_of(page)
    page = staff.submit(staff.open(page.find("a", string="Send again")["href"]), "#resend", email="rae@state.example")
    assert "rae@state.example" in text_of(page)
    assert "rreader" in mails(session, database, settings)["rae@state.example"].text
    staff.submit(page, "main form[action$=withdraw]")
    assert session.scalars(select(Invitation.withdrawn_at)).one() is not None


def test_users_are_for_administrators_alone(site, session, boss, nurse):
    for role in (Role.STATE_STAFF, Role.STATE_VIEWER, Role.PRIVACY_OFFICER):
        other = site.sign_in(make.account(session, role, realm="state"))
        for url in (URL, f"{URL}/{nurse.id}", f"{URL}/{nurse.id}/roles", f"{URL}/{nurse.id}/close", f"{URL}/invite"):
            other.open(url, expect=403)
    with pytest.raises(NotAllowed):
        find_users(session, Actor("person", None, (GrantedRole(Role.STATE_STAFF, "program", None),)), Wanted("nora"))
    site.sign_in(nurse).open(URL, expect=404)
    assert session.scalars(select(Account.closed_at).where(Account.id == nurse.id)).one() is None
