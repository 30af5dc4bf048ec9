"""The main job: an employer's workbook becomes a printed proof of vaccination, without JavaScript, on both databases."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import select

from app import factory
from app.config import load
from app.domain.recipients.models import Recipient
from app.jobs import worker
from tests import make
from tests.browserless import Site, text_of
from tests.conftest import KEY
from tests.documents.pdf_parts import codes_on, rasterised
from tests.documents.pdf_parts import text_of as text_of_pdf
from tests.files.workbooks import saved

MORNING = datetime(2021, 3, 10, 15, 0, tzinfo=UTC)
HEADINGS = ("First Name", "Last Name", "Date of Birth", "Email", "Phone", "City", "County", "State", "ZIP Code")
MARIA = ("Maria", "Lopez", "04/28/1950", "maria.lopez@example.net", "919-555-0142", "Raleigh", "Wake", "NC", "27601")
ANSWERS = {
    "name": {"birth_confirmed": "y"},
    "contact": {"contact_way": "email", "language": "en"},
    "address": {"street": "12 Oak St", "city": "Raleigh", "state_abbr": "NC", "county_fips": "37183", "zip": "27601",
                "in_state": "yes"},
}
GOOD_PASSWORD = "Harvest-of-2021"


@pytest.fixture
def machines(settings, smtp, database_url, tmp_path):
    """The program with a mail server to talk to, and a worker at the press of a button."""
    told = {"CVMS_INSTANCE": str(tmp_path), "CVMS_TESTING": "1", "SECRET_KEY": KEY, "PUBLIC_URL": "http://cvms.test"}
    made = factory.make_machines(load(told | {"DATABASE_URL": database_url, "SMTP_URL": smtp.url}))
    worker.add_jobs(made.queue, made.settings, made.database, made.storage)
    yield made
    made.database.dispose()
    made.queue.close()


def person(number, **wrong):
    """A row of the employer's list; words as keys name the cells to spoil."""
    word = "".join("bdfgklmnrt"[int(digit)] + "aeiouaeiou"[int(digit)] for digit in f"{number:04d}")
    row = dict(
        zip(
            HEADINGS,
            (word.capitalize(), f"Berg{word}", f"{number % 12 + 1:02d}/{number % 28 + 1:02d}/{1930 + number % 60}",
             f"p{number}@example.net", f"919555{number:04d}", "Raleigh", "Wake", "NC", "27601"),
            strict=True,
        )
    )  # fmt: skip
    return tuple({**row, **wrong}.values())


def fill_template(template, rows):
    """The downloaded template with these rows under its headings, as a person would paste them."""
    book = load_workbook(io.BytesIO(template))
    sheet = book["Recipients"]
    columns = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1] if cell.value}
    sheet.delete_rows(2, 5)
    for number, row in enumerate(rows, start=2):
        for heading, value in zip(HEADINGS, row, strict=True):
            sheet.cell(number, columns[heading]).value = value
    return saved(book)


def link_in(message):
    return re.search(r"http://cvms\.test(/\S+)", message.get_content())[1]


def send(site, url, data, name):
    page = site.open(url)
    return site.submit(page, file=(io.BytesIO(data), name), attested="y", attested_name="Pat Contact")


@pytest.mark.usefixtures("settings")
def test_an_employers_workbook_becomes_a_printed_proof(app, session, machines, smtp):
    with time_machine.travel(MORNING, tick=True) as clock:
        location = make.location(session)
        manager = make.manager(session, location, name="mmiller")
        base = f"/provider/{location.id}"
        boss, contact, maria, nurse = (Site(app, session) for _ in range(4))

        # 1. A Location Manager makes the employer known
        boss.sign_in(manager)
        page = boss.submit(boss.open(f"{base}/organizations"), "form[role=search]", q="har")
        assert "No organization matches" in text_of(page)
        page = boss.open(page.select_one('#found a[href*="/new?"]')["href"])
        page = boss.submit(
            page, name="Harvest Foods", industry="food", street="1 Main St", city="Raleih", state="NC", zip="27601"
        )
        record = boss.url
        page = boss.submit(boss.open(f"{record}?edit=city"), "#pencil-city form", city="Raleigh")
        assert "Raleigh" in text_of(page, "#pencil-city")
        page = boss.submit(boss.open(f"{base}/organizations/contacts/choose"), "form[role=search]", q="har")
        page = boss.open(page.select_one("#found a")["href"])
        boss.submit(page, first_name="Pat", last_name="Contact", email="pat@harvest.example", right_person="y")
        page = boss.submit(
            boss.open(f"{base}/inventory/receive"), product="pfizer", lot_number="EN6201", doses_expected="1170",
            doses_received="1170", **{"expires_on-month": "7", "expires_on-day": "31", "expires_on-year": "2021"},
        )  # fmt: skip
        assert "1,170" in text_of(page)

        # 2. The contact claims the account, confirms the organization and uploads 87 people
        machines.queue.sweep()
        page = contact.open(link_in(smtp.to("pat@harvest.example")[0]))
        contact.submit(page, password=GOOD_PASSWORD, again=GOOD_PASSWORD)
        contact.anonymous()
        page = contact.open("/account/sign-in/organization")
        contact.submit(page, name="pat@harvest.example.cvms.org", password=GOOD_PASSWORD)
        page = contact.submit(contact.open(contact.url), "main form[method=post]")
        organization = re.search(r"/organization/([0-9a-f-]{36})", contact.url)[1]
        uploads = f"/organization/{organization}/uploads"
        template = contact.get(f"{uploads}/template.xlsx").data
        send(contact, uploads, fill_template(template, [person(n) for n in range(1, 4)]), "first three.xlsx")
        spoiled = [
            person(4, **{"Date of Birth": "31/31/1980", "Email": "nowhere", "Phone": "12"}),
            person(5, **{"First Name": "", "ZIP Code": "276"}),
            person(6, State="Carolandia"), person(7, **{"Last Name": ""}),
            person(8, County="Nowhere"), person(9, Email="a@b@c"),
        ]  # fmt: skip
        people = [MARIA, *(person(n) for n in range(1, 4)), *spoiled, *(person(n) for n in range(10, 87))]
        assert len(people) == 87
        page = send(contact, uploads, fill_template(template, people), "employees.xlsx")
        assert "people in the file 87 accepted 81" in text_of(page)
        assert "to mend in 9 cells 6" in text_of(page)

        bad = load_workbook(io.BytesIO(contact.get(f"{contact.url}/rows-to-mend.xlsx").data))
        sheet = bad["Recipients"]
        assert sheet.max_row == 7
        columns = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1] if cell.value}
        for number in range(2, 8):
            good = person(2 + number)
            assert sheet.cell(number, columns["What to fix"]).value
            for heading, value in zip(HEADINGS, good, strict=True):
                sheet.cell(number, columns[heading]).value = value
        page = send(contact, uploads, saved(bad), "mended.xlsx")
        assert "people in the file 6 accepted 6" in text_of(page)

        # then 5,000 people in the background; one in ten has an address
        many = fill_template(template, [person(n) if n % 10 == 0 else person(n, Email="") for n in range(100, 5100)])
        send(contact, uploads, many, "everybody.xlsx")
        progress = contact.url
        machines.queue.sweep()
        assert "people in the file 5,000 accepted 5,000" in text_of(contact.open(progress))
        machines.queue.sweep()
        assert any("finished" in message["Subject"].lower() or "upload" in message["Subject"].lower()
                   for message in smtp.to("pat@harvest.example")[1:])  # fmt: skip

        # 3. Maria claims her account, pauses, comes back another day, and finishes
        page = maria.open(link_in(smtp.to("maria.lopez@example.net")[0]))
        page = maria.submit(
            page, password=GOOD_PASSWORD, again=GOOD_PASSWORD,
            **{"birth_date-month": "4", "birth_date-day": "28", "birth_date-year": "1950"},
        )  # fmt: skip
        user_name = re.search(r"user name is (\S+?):? ", text_of(page))[1]
        own = re.search(r"/recipient/([0-9a-f-]{36})", maria.url)[1]
        start = f"/recipient/{own}/registration"
        page = maria.submit(maria.open(start), press="Next", **ANSWERS["name"])
        page = maria.submit(page, press="Pause", **ANSWERS["contact"])
        assert "kept" in text_of(page).lower() or "paused" in text_of(page).lower()
        clock.shift(timedelta(days=1))
        maria.anonymous()
        page = maria.submit(maria.open("/account/sign-in/recipient"), name=user_name, password=GOOD_PASSWORD)
        assert "pause" in text_of(page).lower()
        page = maria.open(start)
        assert "Lopez" in text_of(page)
        page = maria.submit(page, "main form[method=post]")
        page = finish_registration(maria, page)
        assert session.scalar(select(Recipient.registered_at).where(Recipient.last_name == "Lopez"))

        # 4. At the clinic
        boss.sign_in(manager)
        nurse.sign_in(make.healthcare_provider(session, location))
        page = nurse.submit(
            nurse.open(f"{base}/clinic"), "#find", last_name="Lopez", detail="0142",
            **{"birth_date-month": "4", "birth_date-day": "28", "birth_date-year": "1950"},
        )  # fmt: skip
        assert "Maria" in text_of(page)
        page = nurse.submit(page, 'form[action$="/check-in"]')
        page = give_dose(nurse, page)
        assert "1,169" in text_of(boss.open(f"{base}/inventory"))
        walk_in(nurse, base)
        assert "1,168" in text_of(boss.open(f"{base}/inventory"))

        # 5. The proof
        page = maria.submit(maria.open(f"/recipient/{own}/proof"))
        pdf = maria.get(f"/recipient/{own}/proof/download").data
        printed = text_of_pdf(pdf)
        assert "Maria" in printed
        assert "EN6201" in printed
        codes = [code.text for code in codes_on(rasterised(pdf, 200))]
        assert sorted(code.partition(":")[0] for code in codes) == ["http", "shc"]
        scanned = next(code for code in codes if code.startswith("http://cvms.test/"))
        anybody = Site(app, session)
        page = anybody.open(scanned.removeprefix("http://cvms.test"))
        assert "genuine" in text_of(page).lower()
        assert nurse.get(f"{base}/recipients").status_code == 200


def finish_registration(maria, page):
    """Answer page after page as Maria would, up to the end of the review."""
    for _ in range(10):
        step = maria.url.rsplit("/", 1)[-1]
        if step == "review":
            return maria.submit(page, "main form[method=post]")
        answers = ANSWERS.get(step) or first_answers(page)
        page = maria.submit(page, press="Next", **answers)
    raise AssertionError("the registration never ends")


def first_answers(page):
    """The first choice of every question of a page."""
    answers = {}
    for control in page.select("main form input, main form select"):
        name, kind = control.get("name"), control.get("type")
        if kind in {"radio", "checkbox"} and name not in answers:
            answers[name] = control.get("value", "y")
        elif control.name == "select":
            answers[name] = control.select("option")[-1]["value"]
    return answers


def give_dose(nurse, page):
    """No to every question, choose the lot, tick the fact sheet, give the dose."""
    lot = next(option for option in page.select("select[name=lot] option, input[name=lot]") if option.get("value"))
    return nurse.submit(page, lot=lot["value"], site="LD", rest_is_no="y", fact_sheet_given="y")


def walk_in(nurse, base):
    """A person who is in no list."""
    page = nurse.open(f"{base}/clinic/walk-in")
    page = nurse.submit(
        page, first_name="Walter", last_name="Ingram", zip="27601", county_fips="37183", gender="male", races="2106-3",
        ethnicity="2186-5", **{"birth_date-month": "5", "birth_date-day": "2", "birth_date-year": "1948"},
    )  # fmt: skip
    return give_dose(nurse, page)
