"""The shared screen at the door: people check in by themselves, and leave nothing of them behind."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.accounts.devices.queries import actor_of_kiosk
from app.domain.vaccinations.check_in import CheckIn, check_in, list_at
from app.domain.vaccinations.kiosk.check_in_at_kiosk import Moment, Told, confirm, look_up
from app.domain.vaccinations.kiosk.finding import Typed
from app.domain.vaccinations.kiosk.models import DeskCall, KioskTurn
from app.domain.vaccinations.models import Visit
from app.infra import clock
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import Site, text_of
from tests.make.inventory import lot
from tests.make.kiosks import kiosk, screen
from tests.make.vaccinations import ZONE, dose, nurse_at, someone

MARIA = {"last_name": "lópez", "birth_date__month": "4", "birth_date__day": "28", "birth_date__year": "1950", "detail": "0100"}
FORM = "main form[method=post]"


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def maria(session, place):
    return someone(session, None, phone="9195550100", zip="27601-1234")


@pytest.fixture
def door(site, session, place):
    """The screen, and the kiosk that it is as `door.kiosk`."""
    site.kiosk, token = kiosk(session, place)
    return screen(site, token)


def typed(door: Site, language: str = "", **other: str):
    return door.submit(door.open(f"/kiosk/type{language}"), FORM, **MARIA | other)


def visits(session):
    session.rollback()
    return session.scalars(select(Visit)).all()


def test_somebody_types_three_answers_says_yes_and_stands_in_the_queue(door, session, place, maria):
    page = typed(door)
    assert text_of(page, "h1") == "Are you Maria L.?"
    assert "Lopez" not in page.text
    assert "1950" not in page.text
    assert door.response.headers["Refresh"] == "20; url=/kiosk/"
    assert visits(session) == []
    page = door.submit(page, FORM, answer="yes")
    assert text_of(page, "h1") == "You are checked in."
    assert "Maria" not in page.text
    (visit,) = visits(session)
    assert (visit.location_id, visit.recipient_id, visit.arrived_by_id) == (place.id, maria.id, door.kiosk.id)
    assert "Maria Lopez" in text_of(site_of(door, session, place), "#queue tbody")
    acts = session.execute(select(AuditEntry.act, AuditEntry.actor_kind).where(AuditEntry.subject_id == maria.id)).all()
    assert {tuple(act) for act in acts} == {("recipient.found", "device"), ("recipient.checked_in", "device")}


def site_of(door, session, place, url="clinic"):
    return Site(door.app, session).sign_in(make.manager(session, place)).open(f"/provider/{place.id}/{url}")


@pytest.mark.parametrize("detail", ["(919) 555-0100", "27601", "r0000"])
def test_phone_zip_or_visit_code_is_the_third_answer_and_a_first_name_is_not(door, session, maria, detail):
    page = typed(door, detail=maria.code.lower() if detail == "r0000" else detail)
    assert text_of(page, "h1") == "Are you Maria L.?"
    assert text_of(typed(door, detail="Maria"), "h1") == "Who are you?"


def test_back_and_the_next_person_find_nothing_of_the_one_before(door, session, maria):
    typed(door)
    assert text_of(door.open("/kiosk/confirm"), "h1") == "Are you Maria L.?"
    door.open("/kiosk/")
    for path in ("confirm", "done", "desk", "type"):
        assert "Maria" not in door.open(f"/kiosk/{path}").text
    page = typed(door, detail="9999")
    assert page.select_one("#last_name")["value"] == "lópez"
    door.open("/kiosk/")
    assert not door.open("/kiosk/type").select_one("#last_name")["value"]
    assert door.response.headers["Cache-Control"] == "no-store"


def test_a_turn_that_nobody_ended_is_over_after_a_minute_and_a_half(door, session, maria):
    page = typed(door)
    session.execute(KioskTurn.__table__.update().values(until=clock.now() - timedelta(seconds=1)))
    session.commit()
    assert text_of(door.submit(page, FORM, answer="yes"), "h1") == "Welcome. Please check in."
    assert visits(session) == []


def test_a_page_of_the_person_before_says_yes_for_nobody(door, session, maria):
    stale = typed(door)
    someone(session, None, first_name="Ana", last_name="Wood", phone="9195550177")
    door.open("/kiosk/")
    typed(door, last_name="Wood", detail="0177")
    assert text_of(door.submit(stale, FORM, answer="yes"), "h1") == "Are you Ana W.?"
    assert visits(session) == []


def test_answers_that_cannot_be_right_are_marked_and_are_no_try(door, session, maria):
    for _ in range(4):
        page = typed(door, last_name="", birth_date__day="31")
    assert [mark["id"] for mark in page.select("strong")] == ["last_name-wrong", "birth_date-wrong"]
    assert page.select_one("#last_name").has_attr("autofocus")
    assert (page.select_one("#detail")["value"], page.select_one("#day")["value"]) == ("0100", "31")


def test_the_third_wrong_try_in_a_row_calls_the_desk_with_a_number_on_both_sides(door, session, place, maria):
    assert "did not find you" in text_of(typed(door, detail="1111"))
    assert "did not find you" in text_of(typed(door, detail="2222"))
    page = typed(door, detail="3333")
    assert text_of(page, ".number") == "1"
    assert text_of(page, "h1") == "Please see the desk."
    assert visits(session) == []
    desk = Site(door.app, session).sign_in(make.manager(session, place))
    queue = desk.open(f"/provider/{place.id}/clinic")
    assert "Number 1" in text_of(queue, "#desk-calls")
    queue = desk.submit(queue, "#desk-calls form")
    assert queue.select_one("#desk-calls") is None
    assert session.scalars(select(DeskCall)).one().taken_at is not None


def test_a_right_try_in_between_starts_the_count_again(door, session, maria):
    typed(door, detail="1111")
    typed(door, detail="2222")
    door.submit(typed(door), FORM, answer="yes")
    assert "did not find you" in text_of(typed(door, detail="3333"))


def test_whoever_is_not_the_one_shown_has_used_a_try(door, session, maria):
    assert text_of(door.submit(typed(door), FORM, answer="no"), "h1") == "Who are you?"
    door.submit(typed(door), FORM, answer="no")
    assert text_of(door.submit(typed(door), FORM, answer="no"), ".number") == "1"


def test_one_name_cannot_be_tried_on_and_on(door, session, maria):
    for number in range(7):
        page = typed(door, detail=f"{number}{number}{number}{number}")
    assert text_of(page, "h1") == "Please see the desk."
    assert text_of(typed(door), "h1") == "Please see the desk."
    reasons = session.scalars(select(DeskCall.reason).order_by(DeskCall.number)).all()
    assert reasons == ["tries", "tries", "throttled", "throttled"]


def test_twins_with_one_telephone_are_sent_to_the_desk(door, session, maria):
    someone(session, None, first_name="Ana", phone="9195550100")
    assert text_of(typed(door), ".number") == "1"


def test_somebody_who_has_come_already_is_told_so(door, session, maria):
    for heading in ("You are checked in.", "You are checked in already."):
        assert text_of(door.submit(typed(door), FORM, answer="yes"), "h1") == heading
    assert len(visits(session)) == 1


def test_whoever_was_vaccinated_today_is_not_told_to_wait(door, session, place, maria):
    dose(session, place, maria, lot(session, place))
    assert text_of(door.submit(typed(door), FORM, answer="yes"), "h1") == "Please see the desk."
    assert session.scalars(select(DeskCall.reason)).one() == "vaccinated"
    assert len(visits(session)) == 1


def test_a_form_sent_twice_checks_in_once_and_counts_one_try(door, session, maria):
    page = typed(door)
    for _ in range(2):
        door.url = "/kiosk/confirm"
        assert text_of(door.submit(page, FORM, answer="yes"), "h1") == "You are checked in."
    page = door.open("/kiosk/type")
    for _ in range(4):
        assert "did not find you" in text_of(door.submit(page, FORM, **MARIA | {"detail": "1111"}))
    assert len(visits(session)) == 1


def test_the_kiosk_and_the_desk_check_somebody_in_at_the_same_time_and_make_one_visit(database, session, place, maria):
    made, _token = kiosk(session, place)
    session.rollback()
    together, outcomes = threading.Barrier(2), []
    today = clock.local_date(clock.now(), ZONE)

    def at_the_door():
        with database.session(write=True) as mine:
            own, at = mine.get(type(made), made.id), Moment(clock.now(), today, "a" * 32)
            told = Told(typed=Typed("Lopez", date(1950, 4, 28), "0100"), raw={})
            turn = look_up(mine, actor_of_kiosk(own), own, told, at)
            mine.commit()
            together.wait()
            outcomes.append(confirm(mine, actor_of_kiosk(own), own, turn, at).state)
            mine.commit()

    def at_the_desk():
        with database.session(write=True) as mine:
            together.wait()
            listed = CheckIn(place.id, recipient_id=maria.id)
            outcomes.append(check_in(mine, nurse_at(place.id), listed, now=clock.now(), today=today).status)
            mine.commit()

    someone_listed(session, place, maria)
    threads = [threading.Thread(target=act) for act in (at_the_door, at_the_desk)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2
    assert len(visits(session)) == 1


def someone_listed(session, place, person):
    list_at(session, place.id, person, clock.now())
    session.commit()


def test_the_other_language_stays_until_the_person_is_gone(door, session, maria):
    page = door.open("/kiosk/?lang=es")
    assert page.html["lang"] == "es"
    assert door.response.headers["Refresh"] == "20; url=/kiosk/"
    page = door.open(page.select_one("a.big[href*=type]")["href"])
    page = door.submit(page, FORM, **MARIA)
    assert (page.html["lang"], text_of(page, "h1")) == ("es", "¿Es usted Maria L.?")
    page = door.submit(page, FORM, answer="yes")
    assert page.html["lang"] == "es"
    assert door.open(page.select_one("main a")["href"]).html["lang"] == "en"


def test_every_step_weighs_three_kilobytes_at_most(door, session, maria):
    def weight(response):
        lines = sum(len(f"{name}: {value}\r\n") for name, value in response.headers)
        return len(response.data) + lines

    for path in ("", "type", "scan", "?lang=es", "type?lang=es", "scan?lang=es"):
        response = door.client.get(f"/kiosk/{path}", headers={"Accept-Encoding": "br, gzip"})
        assert response.headers["Content-Encoding"] == "br"
        assert weight(response) <= 3 * 1024, path
    typed(door)
    assert weight(door.client.get("/kiosk/confirm", headers={"Accept-Encoding": "br"})) <= 3 * 1024
