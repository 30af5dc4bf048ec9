"""Whoever sends what no page offers moves no dose: foreign lots, lower roles, numbers and days that cannot be."""

import pytest
from sqlalchemy import func, select

from app.domain.inventory import queries
from app.domain.inventory.models import Lot, StockEntry
from app.domain.inventory.vials import OpenVial, open_vial
from app.domain.transfers.models import Transfer
from app.domain.transfers.overdue import transfers_that_differ
from app.infra import clock
from app.infra.paging import pack
from app.web.sealed import seal
from tests import make
from tests.browserless import form_data
from tests.make import transfers as moving
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import dose, nurse_at, someone

NUMBERS = ("-1", "0", "1.5", "1e3", "½", "٣٫٥", "999999999", "9" * 5000, "NaN", "a\x00b", "")
DAYS = (("12", "31", "9999"), ("1", "1", "0001"), ("2", "30", "2021"), ("\x00", "1", "2021"), ("１", "１", "1900"))
MANAGED = (
    "inventory/receive", "inventory/counts/new", "inventory/lots/{lot}/expiration", "inventory/lots/{lot}/total",
    "inventory/lots/{lot}/waste", "inventory/lots/{lot}/return", "inventory/lots/{lot}/set-apart",
    "transfers/{approved}/ship", "transfers/{approved}/cancel", "transfers/{coming}/receive",
    "transfers/{coming}/refuse", "transfers/new/lots?to={other}&kind=transfer",
)  # fmt: skip
PARTS = ("month", "day", "year")
CHOSEN = {"product": "pfizer", "reason": "broken", "kind": "fainting", "source": "card", "doses": "1"}
GIVEN = (
    "inventory/vials", "inventory/end-of-day", "doses/{dose}/correct", "doses/{dose}/remove", "doses/{dose}/event",
    "doses/elsewhere/{recipient}",
)  # fmt: skip


class Place:
    """A clinic with stock, an opened vial, a dose that was given, and transfers at both ends."""

    def __init__(self, session, now):
        self.here, self.other = make.location(session, "Here"), make.location(session, "There")
        self.lot, self.foreign = make_lot(session, self.here, doses=50), make_lot(session, self.other, doses=50)
        person = someone(session, self.here)
        given = dose(session, self.here, person, self.lot)
        open_vial(session, nurse_at(self.here.id), OpenVial(self.here.id, self.lot.id), now=now, today=now.date())
        session.commit()
        self.coming = moving.shipped(session, self.other, self.here, (self.foreign, 5))
        self.approved = moving.approved(session, self.here, self.other, (self.lot, 5))
        self.ids = {
            "lot": self.lot.id, "dose": given.id, "recipient": person.id, "other": self.other.id,
            "coming": self.coming.id, "approved": self.approved.id,
        }  # fmt: skip

    def url(self, path):
        return f"/provider/{self.here.id}/{path.format(**self.ids)}"


@pytest.fixture
def place(session, now):
    return Place(session, now)


@pytest.fixture
def boss(site, session, place):
    made = make.manager(session, place.here)
    site.sign_in(made)
    return made


def filled(site, url):
    """The form of a page, and the names of what is typed into it."""
    form = site.open(url).select_one("main form[method=post]")
    typed = {str(field["name"]) for field in form.select("input[type=text], input:not([type]), textarea, input[inputmode]")}
    data = form_data(form)
    data.pop("request_key", None)  # or what was answered once would be answered again
    return data, {name for name in typed if name.rpartition("-")[2] not in {"month", "day", "year"}}


def send(site, url, data):
    site.session.rollback()
    answer = site.client.post(url, data=data)
    assert answer.status_code in {200, 303, 404, 409, 422}, (url, answer.status_code)
    return answer


def balances(session):
    session.expire_all()
    assert queries.balances_that_differ(session) == []
    assert transfers_that_differ(session) == []
    found = {lot.id: lot.balance for lot in session.scalars(select(Lot))}
    assert min(found.values()) >= 0
    session.rollback()
    return found


def entries(session):
    return session.scalar(select(func.count()).select_from(StockEntry))


@pytest.mark.parametrize("paths", [MANAGED, GIVEN])
def test_what_cannot_be_typed_is_refused_and_never_breaks_a_page(site, session, place, boss, paths):
    before = balances(session)
    forms = [(place.url(path), *filled(site, place.url(path))) for path in paths]
    for url, data, typed in forms:
        for evil in NUMBERS:
            send(site, url, data | dict.fromkeys(typed, evil))
    after = balances(session)
    assert max(after.values()) <= 50
    assert sum(after.values()) <= sum(before.values())


def test_days_that_cannot_be_are_refused_and_never_break_a_page(site, session, place, boss):
    paths = ("receive", "lots/{lot}/expiration", "lots/{lot}/waste")
    paths = (*(f"inventory/{path}" for path in paths), *(path for path in GIVEN if path.startswith("doses")))
    before = balances(session)
    for path in (*paths, "transfers/new/lots?to={other}&kind=transfer"):
        data, typed = filled(site, place.url(path))
        days = {name.removesuffix("-year") for name in data if name.endswith("-year")}
        for when in DAYS:
            told = {f"{name}-{part}": value for name in days for part, value in zip(PARTS, when, strict=True)}
            for time in ("23:59", "00:00", "25:00", "\x00"):
                more = dict.fromkeys(typed, "1") | ({"given_time": time} if "given_time" in data else {})
                answer = send(site, place.url(path), data | more | CHOSEN | told)
                assert answer.status_code == 422 or not days, (path, when, time)
    assert balances(session) == before


def test_who_may_give_doses_only_manages_none(site, session, place, boss):
    forms = [(place.url(path), filled(site, place.url(path))[0]) for path in MANAGED]
    before = entries(session)
    site.sign_in(make.healthcare_provider(session, place.here))
    session.rollback()
    for url, data in forms:
        assert site.client.post(url, data=data).status_code in {403, 404}, url
        assert site.client.get(url).status_code in {403, 404}, url
    assert entries(session) == before
    session.rollback()


def test_another_locations_lot_is_in_no_field(site, session, place, boss):
    stolen, before = place.foreign, balances(session)
    data, _ = filled(site, place.url("inventory/vials"))
    assert send(site, place.url("inventory/vials"), data | {"lot": str(stolen.id)}).status_code == 422
    data, _ = filled(site, place.url("doses/{dose}/correct"))
    told = {"lot": str(stolen.id), "reason": "Theirs"}
    assert send(site, place.url("doses/{dose}/correct"), data | told).status_code == 422
    url = place.url("transfers/new/lots?to={other}&kind=transfer")
    data, _ = filled(site, url)
    told = {f"doses_{stolen.id.hex}": "5", "reason": "Theirs", "transport": "cooler", "contact_phone": "9195550100"}
    assert send(site, url, data | told).status_code == 404
    url = place.url("inventory/counts/new")
    data, _ = filled(site, url)
    told = {f"expected_{stolen.id.hex}": "45", f"counted_{stolen.id.hex}": "0", f"explanation_{stolen.id.hex}": "Gone"}
    send(site, url, data | told)
    assert balances(session) == before


def test_a_third_location_has_no_part_in_a_transfer(site, session, place, boss):
    third = make.location(session, "Third")
    data, _ = filled(site, place.url("transfers/{coming}/receive"))
    site.sign_in(make.manager(session, third))
    for act in ("ship", "receive", "take-back", "cancel", "refuse"):
        for transfer in (place.coming, place.approved):
            url = f"/provider/{third.id}/transfers/{transfer.id}"
            assert send(site, f"{url}/{act}", data | {"why": "Mine"}).status_code == 404
    session.expire_all()
    assert {one.status for one in session.scalars(select(Transfer))} == {"shipped", "approved"}
    session.rollback()


def test_a_form_that_is_sent_again_moves_doses_once(site, session, place, boss):
    url = place.url("inventory/lots/{lot}/waste")
    data = form_data(site.open(url).select_one("main form[method=post]"))
    for _ in range(3):
        send(site, url, data | {"doses": "2", "reason": "broken"})
    url = place.url("transfers/{coming}/receive")
    data, _ = filled(site, url)
    for _ in range(3):
        send(site, url, data)
    url = place.url("transfers/{approved}/ship")
    data, _ = filled(site, url)
    for _ in range(3):
        send(site, url, data)
    assert balances(session)[place.lot.id] == 49 - 2 - 5
    assert session.scalars(select(Lot.balance).where(Lot.location_id == place.here.id, Lot.id != place.lot.id)).all() == [5]
    session.rollback()


def test_more_than_was_shipped_does_not_arrive_without_a_word(site, session, place, boss):
    url = place.url("transfers/{coming}/receive")
    data, _ = filled(site, url)
    arrived = next(name for name in data if name.startswith("arrived_"))
    for many in ("6", "100001", "-5"):
        assert send(site, url, data | {arrived: many}).status_code == 422
    damaged = arrived.replace("arrived", "damaged")
    assert send(site, url, data | {damaged: "6"}).status_code == 422
    assert session.get_one(Transfer, place.coming.id).status == "shipped"
    session.rollback()


def test_a_form_of_an_older_version_changes_nothing(site, session, place, boss):
    url = place.url("inventory/lots/{lot}/total")
    data, _ = filled(site, url)
    send(site, url, data | {"total": "60", "reason": "more_per_vial"})
    changed = balances(session)
    for version in (data["version"], "0", "-1", "9" * 400, "x", ""):
        assert send(site, url, data | {"total": "70", "reason": "more_per_vial", "version": version}).status_code != 303
    assert balances(session) == changed
    assert changed[place.lot.id] == 59


def test_a_key_of_another_list_begins_a_list_at_its_beginning(site, session, place, boss):
    lists = ("inventory", "inventory/lots/{lot}", "inventory/counts", "inventory/history", "transfers", "recipients")
    for key in (pack("x"), pack("x", "y"), pack("a\x00", "b", "c"), pack("2021-13-45", str(place.lot.id)), "\x00", "%"):
        with site.app.test_request_context():
            sealed = seal({"after": key})
        for path in lists:
            session.rollback()
            answer = site.client.get(place.url(path), query_string={"after": sealed})
            assert answer.status_code == 200, (path, key)


def test_nobody_recalls_but_the_state(site, session, place, boss):
    data, _ = filled(site, place.url("inventory/lots/{lot}/waste"))
    told = {"product": "pfizer", "number": place.lot.number, "reason": "Mine", "sure": "y"}
    for what in ("lot", "vaccine"):
        session.rollback()
        assert site.client.post(f"/state/recalls/{what}", data=data | told).status_code in {303, 403, 404}
    assert balances(session)[place.lot.id] == 49
    assert not queries.reasons_against(session.get_one(Lot, place.lot.id), clock.now().date())
    session.rollback()
