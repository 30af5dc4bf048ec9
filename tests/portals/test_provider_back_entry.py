"""A pile of paper is entered without JavaScript: sheet after sheet, undo, done; and the same as a workbook."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, func, select

from app.domain.inventory.models import Lot
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.models import Administration, Visit
from app.domain.vaccinations.paper_rows import HEADERS
from app.infra import clock
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import form_data, text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, someone

MARIA = {"last_name": "Lopez", "first_name": "Maria", "birth_date": "04281950", "screening": "no", "given_time": "930"}


def day(days_ago):
    return clock.local_date(clock.now(), ZONE) - timedelta(days=days_ago)


def typed(when):
    return {"given_on__month": str(when.month), "given_on__day": str(when.day), "given_on__year": str(when.year)}


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def stock(session, place):
    return make_lot(session, place, number="EN9001", doses=5)


@pytest.fixture
def base(site, session, place, stock):
    site.sign_in(make.healthcare_provider(session, place))
    return f"/provider/{place.id}/back-entry"


def lay(site, base, stock, *, expect=200, **told):
    told |= typed(day(told.pop("day"))) if "day" in told else {}
    holds = {"lot": str(stock.id), "clinician_name": "Ann Lee", "fact_sheet_given": "y"} | typed(day(3))
    return site.submit(site.open(f"{base}/pile"), "#pile", expect=expect, **(holds | told))


@pytest.fixture
def sheets(site, base, stock):
    """The page of the sheets, for a pile of three days ago."""
    return lay(site, base, stock, papers="2")


def enter(site, page, *, expect=200, **told):
    return site.submit(page, "#sheet", expect=expect, **(MARIA | told))


def doses(session):
    session.expire_all()
    return session.scalars(select(Administration).order_by(Administration.id)).all()


def left(session, stock):
    session.expire_all()
    return session.get_one(Lot, stock.id).balance


def test_a_sheet_is_saved_and_the_empty_form_comes_back_with_the_cursor_in_it(site, session, stock, sheets):
    page = enter(site, sheets)
    (given,) = doses(session)
    local = given.given_at.astimezone(ZONE)
    assert (local.date(), local.hour, local.minute) == (day(3), 9, 30)
    assert (given.clinician_name, given.site, left(session, stock)) == ("Ann Lee", "LD", 4)
    assert page.select_one("[autofocus]")["name"] == "last_name"
    assert page.select_one("[name=last_name]")["value"] == ""
    assert "Maria Lopez: dose 1 is entered. A new record was made." in text_of(page, "body")
    assert "1 of 2 sheets entered" in text_of(page, "#entered")


def test_without_a_pile_the_page_asks_first_what_holds_for_all(site, base):
    site.open(base)
    assert site.url.endswith("/pile")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"day": -1}, "This day is in the future"),
        ({"day": 200}, "No dose of this lot can have been given"),
        ({"given_on__month": "", "given_on__day": "", "given_on__year": ""}, "Enter the true date"),
        ({"lot": ""}, "Choose the lot"),
        ({"lot": "nonsense"}, "Not a valid choice"),
        ({"papers": "-1"}, "Enter a number from 1 to 500"),
        ({"papers": "1e9"}, "Not a valid integer"),
        ({"clinician_name": ""}, "Enter who gave the doses"),
    ],
)
def test_a_pile_that_cannot_be_is_told_beside_its_cause(site, base, stock, told, said):
    assert said in text_of(lay(site, base, stock, expect=422, **told), ".usa-form-group--error")


def test_an_expired_lot_is_refused_beside_the_lot(site, session, place, base):
    old = make_lot(session, place, number="OLD", expires_on=day(10))
    assert "Expired" in text_of(lay(site, base, old, expect=422), ".usa-form-group--error:has(#lot)")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"last_name": ""}, "Enter the last name"),
        ({"first_name": "M4ria"}, "A legal name has no digits"),
        ({"birth_date": "13451950"}, "There is no such day"),
        ({"birth_date": "03092021"}, "The dose would be before the birth"),
        ({"birth_date": "01012999"}, "in the future"),
        ({"screening": ""}, "Choose what the sheet says"),
        ({"screening": "some"}, "Mark below"),
        ({"given_time": "215"}, "before or after noon"),
        ({"given_time": "99:99"}, "Write the time like"),
        ({"phone": "12"}, "ten digits"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(site, session, sheets, told, said):
    page = enter(site, sheets, expect=422, **told)
    assert said in text_of(page, ".usa-form-group--error")
    for name, value in (MARIA | told).items():
        field = page.select_one(f"[name={name}]")
        kept = field.select_one("option[selected]")["value"] if field.name == "select" else field["value"]
        assert kept == value
    assert doses(session) == []


def test_a_time_still_to_come_is_refused_beside_the_time(site, base, stock, now):
    page = lay(site, base, stock, day=0)
    page = enter(site, page, expect=422, given_time="11:59 PM")
    assert "This is in the future" in text_of(page, ".usa-form-group--error:has(#given_time)")


def test_somebody_alike_is_shown_first_and_enter_takes_them(site, session, stock, sheets):
    known = someone(session, city="Raleigh")
    page = enter(site, sheets, expect=422)
    assert "Maria Lopez, born Apr 28, 1950, Raleigh · no dose yet" in text_of(page, "#who")
    assert page.select_one("[autofocus]")["name"] == "who"
    assert str(known.id) not in str(page.select_one("#who"))
    site.submit(page, "#sheet")
    (given,) = doses(session)
    assert given.recipient_id == known.id
    shown = select(AuditEntry.subject_id).where(AuditEntry.act == "recipient.shown_as_likely_duplicate")
    assert session.scalars(shown).all() == [known.id]


def test_another_person_of_that_name_becomes_a_new_record(site, session, sheets):
    known = someone(session)
    page = enter(site, sheets, expect=422)
    site.submit(page, "#sheet", who="new")
    (given,) = doses(session)
    assert given.recipient_id != known.id


def test_a_choice_does_not_follow_a_name_that_was_typed_anew(site, session, sheets):
    first, second = someone(session), someone(session, last_name="Smith", first_name="Anna")
    page = enter(site, sheets, expect=422)
    page = site.submit(page, "#sheet", expect=422, last_name="Smith", first_name="Anna")
    assert "Anna Smith" in text_of(page, "#who")
    site.submit(page, "#sheet")
    (given,) = doses(session)
    assert (given.recipient_id, first.id != second.id) == (second.id, True)


def test_a_caution_asks_for_a_reason_that_is_kept(site, session, sheets):
    page = enter(site, sheets, expect=422, screening="some", sick_today="yes")
    assert "Better to wait" in text_of(page)
    assert page.select_one("[autofocus]")["name"] == "reason_defer"
    assert page.select_one("[name=sick_today][checked]")["value"] == "yes"
    site.submit(page, "#sheet", reason_defer="Hay fever")
    (given,) = doses(session)
    assert given.overrides == {"defer": "Hay fever"}
    assert session.get_one(Visit, given.visit_id).answers["sick_today"] == "yes"


def test_a_sheet_without_answers_needs_a_reason_too(site, session, sheets):
    page = enter(site, sheets, expect=422, screening="none")
    site.submit(page, "#sheet", reason_not_screened="The page was lost")
    assert doses(session)[0].overrides == {"not_screened": "The page was lost"}


def test_a_choice_made_before_a_reason_was_asked_for_is_kept(site, session, sheets):
    known = someone(session)
    page = enter(site, sheets, expect=422, screening="some", sick_today="yes")
    page = site.submit(page, "#sheet", expect=422)
    site.submit(page, "#sheet", reason_defer="Hay fever")
    assert doses(session)[0].recipient_id == known.id


def test_what_the_registration_form_says_more_goes_into_the_new_record(site, session, sheets):
    enter(
        site, sheets, phone="(919) 555-0142", zip="27601", city="Raleigh", gender="female", races=["2028-9", "2106-3"]
    )
    person = session.scalars(select(Recipient)).one()
    assert (person.phone, person.zip, person.state_abbr, person.races) == (
        "9195550142", "27601", "NC", ["2028-9", "2106-3"],
    )  # fmt: skip


def test_a_double_click_enters_once(site, session, stock, sheets):
    data = form_data(sheets.select_one("#sheet")) | MARIA
    for _ in range(2):
        page = site.open(site.url, method="POST", data=data)
    assert "saved already" in text_of(page, "body")
    assert (len(doses(session)), left(session, stock)) == (1, 4)


def test_the_same_paper_twice_is_refused(site, session, sheets):
    page = enter(site, sheets)
    assert "on record for this person already" in text_of(enter(site, page, expect=422))
    assert len(doses(session)) == 1


def test_undo_takes_the_dose_back_and_the_sheet_can_be_entered_again(site, session, stock, sheets):
    page = enter(site, sheets)
    page = site.submit(page, 'form[action$="/undo"]')
    assert "Taken back" in text_of(page, "main .results")
    assert "0 of 2 sheets entered" in text_of(page)
    assert left(session, stock) == 5
    assert "1 of 2 sheets entered" in text_of(enter(site, page))
    assert [one.status for one in doses(session)] == ["entered-in-error", "completed"]


def test_only_doses_of_the_own_pile_are_undone_here(site, session, place, stock, base, sheets):
    given = dose(session, place, someone(session, place, last_name="Other"), stock, given_at=clock.now())
    token = form_data(sheets.select_one("#sheet"))["csrf_token"]
    site.open(f"{base}/doses/{given.id}/undo", method="POST", data={"csrf_token": token}, expect=404)


def test_the_pile_keeps_what_was_entered_when_its_lot_changes_and_ends_with_its_count(
    site, session, place, base, stock, sheets
):
    enter(site, sheets)
    other = make_lot(session, place, product="janssen", number="J1")
    page = lay(site, base, other, papers="3")
    page = enter(site, page, last_name="Smith")
    assert "2 of 3 sheets entered" in text_of(page)
    page = site.submit(page, 'form[action$="/done"]')
    assert "2 doses entered. You had counted 3 sheets." in text_of(page, "body")
    site.open(base)
    assert site.url.endswith("/pile")


def test_the_last_dose_of_a_lot_is_told(site, session, place, base):
    single = make_lot(session, place, number="ONE", doses=1)
    page = enter(site, lay(site, base, single))
    page = enter(site, page, expect=422, last_name="Smith")
    assert "The last dose of this lot is taken" in text_of(page)
    assert session.scalar(select(func.count()).select_from(Recipient)) == 1


def test_the_page_asks_no_more_of_the_database_when_the_pile_grows(site, session, place, base, database):
    plenty = make_lot(session, place, number="MANY", doses=30)
    page = lay(site, base, plenty)

    def queries():
        asked = []
        session.rollback()

        def count(*_):
            asked.append(1)

        event.listen(database.engine, "before_cursor_execute", count)
        site.open(base)
        event.remove(database.engine, "before_cursor_execute", count)
        return len(asked)

    page = enter(site, page)
    few = queries()
    for name in ("Adams", "Baker", "Clark", "Davis", "Evans"):
        page = enter(site, page, last_name=name)
    assert queries() == few <= 11


GOOD = {
    "last_name": "Lopez", "first_name": "Maria", "birth_date": "04/28/1950", "given_time": "9:30 AM", "lot": "EN9001",
    "clinician_name": "Ann Lee", "clinician_suffix": "RN", "screening": "All answers are no", "fact_sheet": "Yes",
}  # fmt: skip


def upload(site, base, *rows, expect=200):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS.values())
    for row in rows:
        told = GOOD | {"given_on": f"{day(3):%m/%d/%Y}"} | row
        writer.writerow([told.get(key, "") for key in HEADERS])
    page = site.open(f"{base}/workbook")
    file = (io.BytesIO(out.getvalue().encode()), "paper.csv")
    return site.submit(page, "form[enctype]", expect=expect, file=file)


def test_good_rows_are_entered_bad_ones_come_back_and_mended_ones_go_in(site, session, base, stock):
    page = upload(site, base, {}, {"last_name": "Smith", "birth_date": "yesterday", "lot": "NONE"})
    assert "1 dose was entered." in text_of(page)
    cells = text_of(page, "table")
    assert "C3" in cells
    assert "H3" in cells
    book = load_workbook(io.BytesIO(site.get(f"{base}/workbook/rows-to-mend.xlsx").data))
    sheet = book["Doses from paper"]
    assert sheet["A2"].value == "Smith"
    sheet["C2"], sheet["H2"] = "01/02/1960", "EN9001"
    mended = io.BytesIO()
    book.save(mended)
    page = site.submit(
        site.open(f"{base}/workbook"), "form[enctype]", file=(io.BytesIO(mended.getvalue()), "mended.xlsx")
    )
    assert "1 dose was entered." in text_of(page)
    assert (len(doses(session)), left(session, stock)) == (2, 3)
    site.get(f"{base}/workbook/rows-to-mend.xlsx", expect=404)


def test_the_same_file_again_enters_nothing(site, session, base):
    upload(site, base, {})
    assert "0 doses were entered. 1 was there already." in text_of(upload(site, base, {}))
    assert len(doses(session)) == 1


def test_the_template_offers_the_lots_of_the_location(site, session, base):
    make_lot(session, make.location(session, "Other Clinic"), number="FOREIGN1")
    book = load_workbook(io.BytesIO(site.get(f"{base}/workbook/template.xlsx").data))
    lots = [cell.value for row in book["Lists"] for cell in row if cell.value]
    assert any("EN9001" in str(text) for text in lots)
    assert not any("FOREIGN1" in str(text) for text in lots)


def test_a_file_that_is_none_is_refused_beside_the_field(site, base):
    page = site.submit(
        site.open(f"{base}/workbook"), "form[enctype]", expect=422, file=(io.BytesIO(b"\x00\x01"), "a.xlsx")
    )
    assert page.select_one(".usa-form-group--error #file")


def test_excel_dates_and_times_are_understood(site, session, base):
    book = load_workbook(io.BytesIO(site.get(f"{base}/workbook/template.xlsx").data))
    sheet = book["Doses from paper"]
    values = [
        "Lopez", "Maria", date(1950, 4, 28), None, None, datetime(day(3).year, day(3).month, day(3).day), 0.59375,
        "EN9001", None, "Ann Lee", "RN", "All answers are no", "Yes",
    ]  # fmt: skip
    for place, value in enumerate(values, start=1):
        sheet.cell(3, place, value)
    out = io.BytesIO()
    book.save(out)
    page = site.submit(site.open(f"{base}/workbook"), "form[enctype]", file=(io.BytesIO(out.getvalue()), "a.xlsx"))
    assert "1 dose was entered." in text_of(page)
    local = doses(session)[0].given_at.astimezone(ZONE)
    assert (local.date(), local.hour, local.minute) == (day(3), 14, 15)
