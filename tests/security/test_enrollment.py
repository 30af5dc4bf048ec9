"""Whoever has no part in an enrollment finds nothing of it; whoever has a part reaches no further than it."""

import pytest
from sqlalchemy import select

from app.domain.accounts.models import Account, Invitation
from app.domain.enrollment.approve import approve_enrollment
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.models import Correction, PracticingProvider, Signature, StorageUnit
from app.domain.enrollment.redistribution import may_redistribute
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.update import BeginUpdate, begin_update
from app.infra.outbox import OutboxMessage
from tests import make
from tests.browserless import form_data, text_of
from tests.make import enrollment as making

OWN = {"enrollment.start", "enrollment.register", "enrollment.look_into_mail", "enrollment.mine", "enrollment.another"}
"""Pages that belong to nobody's enrollment."""

FILLED = {"document": "provider_agreement", "step": "organization", "side": "inside"}


@pytest.fixture
def returned(session, now):
    """An application of two locations with everything in it: pictures, providers, signatures, corrections."""
    enrollment = making.submitted(session, places=2)
    first, _ = making.locations_of(session, enrollment)
    state = making.state_actor(session)
    for field, place in (("legal_name", None), ("capacity_frozen", first)):
        command = AskCorrection(enrollment.id, field, "<script>alert(1)</script>", place.id if place else None)
        ask_correction(session, state, command, now=now)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    session.commit()
    return enrollment


def ids_of(session, enrollment, location):
    """What the addresses below this location name."""

    def of(table, **where):
        return session.query(table).filter_by(**where).first().id

    here = {"enrolled_location_id": location.id}
    return FILLED | here | {
        "enrollment_id": enrollment.id, "unit_id": of(StorageUnit, **here), "provider_id": of(PracticingProvider, **here),
        "signature_id": of(Signature, **here), "correction_id": of(Correction, enrollment_id=enrollment.id, **here),
    }  # fmt: skip


def addresses(app, portal, ids, *, needs=()):
    """(endpoint, address, method) of all pages of a portal that name an enrollment and whatever else is asked for."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            named = rule.endpoint.startswith(f"{portal}.") and {"enrollment_id", *needs} <= rule.arguments
            if named:
                values = {name: ids[name] for name in rule.arguments}
                if rule.endpoint == "enrollment.section_b_step":
                    values["step"] = "storage"
                for method in rule.methods & {"GET", "POST"}:
                    yield rule.endpoint, adapter.build(rule.endpoint, values, method=method), method


def answers(site, found):
    """How the program answers each address, as seen by whoever is signed in."""
    typed = {"csrf_token": token_of(site)}
    site.session.rollback()
    return {
        (endpoint, method): site.client.open(url, method=method, data=typed if method == "POST" else None).status_code
        for endpoint, url, method in found
    }


def token_of(site):
    """The token of a form that everybody has."""
    return form_data(site.open("/account/password").select_one("main form[method=post]"))["csrf_token"]


def person(session, site, actor):
    return site.sign_in(session.get_one(Account, actor.id))


def test_strangers_find_no_page_of_somebody_elses_enrollment(app, site, session, returned):
    first, _ = making.locations_of(session, returned)
    ids = ids_of(session, returned, first)
    other, eve = making.started(session, first_name="Eve", last_name="Eaves", email="eve@other.example")
    strangers = [eve, make.manager(session, make.location(session), name="mmiller")]
    for account in strangers:
        site.sign_in(account)
        for portal in ("enrollment", "state"):
            got = answers(site, addresses(app, portal, ids))
            assert len(got) > 15
            assert set(got.values()) == {404}, got
    site.sign_in(eve)
    got = answers(site, addresses(app, "enrollment", ids | {"enrollment_id": other.id}, needs=["enrolled_location_id"]))
    assert set(got.values()) == {404}, got
    site.get(f"/enrollment/{other.id}/agreements/signatures/{ids['signature_id']}.pdf", expect=404)


def test_a_coordinator_reaches_no_other_location_and_no_section_a(app, site, session, returned):
    first, second = making.locations_of(session, returned)
    ids = ids_of(session, returned, first)
    person(session, site, making.coordinator_of(session, second))
    got = answers(site, addresses(app, "enrollment", ids, needs=["enrolled_location_id"]))
    assert set(got.values()) <= {403, 404}, got
    got = answers(site, addresses(app, "state", ids))
    assert set(got.values()) == {404}, got
    mixed = ids | {"enrolled_location_id": second.id}
    got = answers(site, [one for one in addresses(app, "enrollment", mixed) if "/units/0" in one[1] or "ers/0" in one[1]])
    assert len(got) >= 5
    assert {status for (name, _), status in got.items() if "new" not in name} == {404}, got
    site.get(f"/enrollment/{returned.id}/agreements/signatures/{ids['signature_id']}.pdf", expect=404)
    for part in ("section-a", "section-a/organization", "locations", "locations/new", "locations/workbook"):
        site.open(f"/enrollment/{returned.id}/{part}", expect=403)


def test_an_officer_reads_everything_and_edits_nothing(app, site, session, returned):
    first, _ = making.locations_of(session, returned)
    person(session, site, making.officer_of(session, returned, "ceo"))
    found = list(addresses(app, "enrollment", ids_of(session, returned, first)))
    got = answers(site, [one for one in found if one[2] == "POST"])
    open_to_officers = {"enrollment.agreement", "enrollment.settle"}
    assert {status for (name, _), status in got.items() if name not in open_to_officers} == {403}, got
    page = site.open(f"/enrollment/{returned.id}/section-a")
    assert page.select_one("main form[method=post]") is None


@pytest.mark.parametrize("who", ["coordinator", "officer", "stranger"])
def test_only_whoever_was_asked_says_that_it_is_right_as_it_is(site, session, returned, who):
    first, second = making.locations_of(session, returned)
    correction = ids_of(session, returned, first)["correction_id"]
    here = returned
    if who == "stranger":
        here, account = making.started(session, first_name="Eve", last_name="Eaves", email="eve@other.example")
    else:
        actor = making.coordinator_of(session, second) if who == "coordinator" else making.officer_of(session, returned, "ceo")
        account = session.get_one(Account, actor.id)
    token = token_of(site.sign_in(account))
    url = f"/enrollment/{here.id}/corrections/{correction}/settled"
    site.open(url, method="POST", data={"csrf_token": token}, expect=403 if who == "officer" else 404)
    session.expire_all()
    assert session.get_one(Correction, correction).settled_at is None


def test_nobody_signs_in_another_capacity_or_for_another_location(site, session, now):
    enrollment = making.with_section_a(session, places=2)
    mine, other = making.locations_of(session, enrollment)
    for place in (mine, other):
        who = making.filled(session, place)
        complete_section_b(session, who, place.id, now=now)
    session.commit()
    person(session, site, making.coordinator_of(session, mine))
    url = f"/enrollment/{enrollment.id}/agreements/provider_agreement"
    form = form_data(site.open(url).select_one("#sign")) | {"typed_name": mine.coordinator_name, "agreed": "y"}
    for stolen in ("ceo:", "cmo:", f"coordinator:{other.id}", f"ceo:{mine.id}"):
        again = {"request_key": f"another key {stolen}"[:40]}
        site.open(url, method="POST", data=form | {"sign_for": [stolen]} | again, expect=422)
        site.open(url, method="POST", data=form | {"sign_for": [*form["sign_for"], stolen]} | again, expect=422)
    for key, value in (("sha256", "0" * 64), ("version", "7"), ("version", "x"), ("language", "es"), ("sha256", "")):
        site.open(url, method="POST", data=form | {key: value, "request_key": f"{key} {value}"[:40]}, expect=409)
    site.open(url, method="POST", data=form | {"typed_name": other.coordinator_name}, expect=422)
    assert session.scalars(select(Signature)).all() == []
    site.open(url, method="POST", data=form)
    site.open(url, method="POST", data=form | {"request_key": "sent once more"})
    (signature,) = session.scalars(select(Signature))
    assert (signature.capacity, signature.enrolled_location_id) == ("coordinator", mine.id)


def test_vaccine_is_not_passed_on_before_the_state_has_approved_it(session, now):
    enrollment = making.approved(session, redistribution="no")
    boss = making.boss_of(session, enrollment)
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    save_section_a(session, boss, SaveSectionA(enrollment.id, {"redistribution": "yes"}, enrollment.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    for capacity in ("ceo", "cmo"):
        who = making.officer_of(session, enrollment, capacity)
        making.signed(session, who, enrollment, "redistribution_agreement", capacity)
    assert enrollment.status == "submitted"
    assert not may_redistribute(session, enrollment.provider_organization_id)
    making.approve_all(session, enrollment)
    approve_enrollment(session, making.state_actor(session), enrollment.id, now=now)
    assert may_redistribute(session, enrollment.provider_organization_id)


def test_an_update_that_gives_redistribution_up_leaves_it_in_force_until_it_is_approved(session, now):
    enrollment = making.approved(session, redistribution="yes")
    boss = making.boss_of(session, enrollment)
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    save_section_a(session, boss, SaveSectionA(enrollment.id, {"redistribution": "no"}, enrollment.version), now=now)
    assert may_redistribute(session, enrollment.provider_organization_id)


@pytest.mark.parametrize("act", ["deny", "return"])
def test_a_reason_of_nothing_but_spaces_is_asked_for_again(site, session, now, act):
    enrollment = making.submitted(session)
    (place,) = making.locations_of(session, enrollment)
    person(session, site, making.state_actor(session))
    if act == "return":
        url = f"/state/enrollments/{enrollment.id}/corrections/new?field=legal_name"
        site.submit(site.open(url), "#correction", comment="   ", expect=422)
    else:
        url = f"/state/enrollments/{enrollment.id}/locations/{place.id}/deny"
        site.submit(site.open(url), "#reason", why="  \n ", expect=422)


@pytest.mark.parametrize("field", ["official_vtrcks_id", "pictures", "receiving", "no_such_field", "coordinator_email"])
def test_a_correction_of_what_nobody_is_asked_is_not_found(site, session, now, field):
    enrollment = making.submitted(session)
    person(session, site, making.state_actor(session))
    site.open(f"/state/enrollments/{enrollment.id}/corrections/new?field={field}", expect=404)


@pytest.mark.parametrize("field", ["official_vfc_pin", "locations", "legal_name"])
def test_of_a_location_only_its_own_fields_are_corrected(site, session, now, field):
    enrollment = making.submitted(session)
    (place,) = making.locations_of(session, enrollment)
    person(session, site, making.state_actor(session))
    url = f"/state/enrollments/{enrollment.id}/corrections/new?location={place.id}&field={field}"
    site.open(url, expect=404)


def test_nobody_is_flooded_with_links_by_strangers_from_many_addresses(site, session, machines, smtp, now):
    for number in range(6):
        page = site.anonymous().open("/enrollment/register")
        data = form_data(page.select_one("main form[method=post]"))
        data |= {"first_name": "Ann", "last_name": "Lee", "email": "Ann@Harvest.example"}
        origin = {"REMOTE_ADDR": f"192.0.2.{number}"}
        page = site.open("/enrollment/register", method="POST", data=data, environ_overrides=origin)
        assert "Now, check your email" in text_of(page)
    asked = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "enrollment.administrator_invited"))
    assert len(asked.all()) == 3


@pytest.mark.parametrize("name", ["Ann\r\nBcc: all@harvest.example", "Go to https://evil.example/", "www.evil.example", "a@b.example"])
def test_a_name_carries_no_link_and_no_header_into_a_mail(site, session, now, name):
    typed = {"first_name": name, "last_name": "Lee", "email": "ann@harvest.example"}
    page = site.submit(site.open("/enrollment/register"), expect=422, **typed)
    assert "letters, no digits" in text_of(page, "#first_name-error")
    assert session.scalars(select(Invitation)).all() == []


def test_the_name_of_an_organization_or_a_place_carries_no_link_into_a_mail(site, session, now):
    enrollment, account = making.started(session)
    page = site.sign_in(account).open(f"/enrollment/{enrollment.id}/section-a/organization")
    page = site.submit(page, press="Next", expect=422, legal_name="Harvest, see https://evil.example")
    assert "Leave web addresses out" in text_of(page, "#legal_name-error")
    page = site.open(f"/enrollment/{enrollment.id}/locations/new")
    page = site.submit(page, press="Save", expect=422, **making.place(name="www.evil.example"))
    assert "Leave web addresses out" in text_of(page, "#name-error")


def test_what_the_state_writes_is_shown_as_text(site, session, returned):
    person(session, site, making.boss_of(session, returned))
    page = site.open(f"/enrollment/{returned.id}")
    assert "<script>alert(1)</script>" in text_of(page)
