"""Attacks with files: races, names that steer a browser, formulas, locks held too long."""

import io
import threading
import time
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, text

from app.domain.recipients.models import Listing, Recipient
from app.domain.uploads.models import Upload
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import Site, form_data
from tests.files.people import COLUMNS, people
from tests.files.workbooks import csv_file, raw_row, raw_xlsx, xlsx
from tests.make import organizations

FORM = "main form[enctype]"


@pytest.fixture
def employer(session, now):
    return organizations.employer(session)


def fields_of(site, employer):
    page = site.open(f"/organization/{employer.id}/uploads")
    return form_data(page.select_one(FORM)) | {"attested": "y", "attested_name": "Jane Doe"}


def test_two_contacts_who_send_the_same_people_at_once_enter_nobody_twice(app, session, employer, now):
    sites = [Site(app, session).sign_in(make.contact(session, employer.id)) for _ in range(2)]
    crew = people(60)
    books = [xlsx([COLUMNS, *crew]), xlsx([COLUMNS, *reversed(crew)])]
    sent, url = [fields_of(site, employer) for site in sites], f"/organization/{employer.id}/uploads"
    session.rollback()
    codes = []

    def send(site, fields, book):
        file = (io.BytesIO(book), "people.xlsx")
        codes.append(site.client.post(url, data=fields | {"file": file}).status_code)

    threads = [threading.Thread(target=send, args=each) for each in zip(sites, sent, books, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303, 303]
    assert session.scalar(select(func.count()).select_from(Recipient)) == 60
    assert session.scalar(select(func.count()).select_from(Listing)) == 60
    assert set(session.scalars(select(Upload.status))) == {"done"}


@pytest.mark.parametrize("name", [
    "<img src=x onerror=alert(1)>.xlsx", 'a".xlsx', "a\r\nX-Evil: 1.xlsx", "../../etc/passwd.xlsx", "..\\..\\x.xlsx",
    "\u202excod.xlsx", "a" * 600 + ".xlsx", "",
])  # fmt: skip
def test_the_name_of_a_file_is_only_text(site, session, employer, name, now):
    site.sign_in(make.contact(session, employer.id))
    file = (io.BytesIO(xlsx([COLUMNS, *people(2)])), name)
    answer = site.client.post(f"/organization/{employer.id}/uploads", data=fields_of(site, employer) | {"file": file})
    assert answer.status_code in {303, 400, 422}
    for upload in session.scalars(select(Upload)):
        assert all(sign.isprintable() and sign not in "/\\" for sign in upload.filename)
        page = site.open(f"/organization/{employer.id}/uploads/{upload.id}")
        assert not page.select("main img")
        for file in ("rows-to-mend.xlsx", "results.xlsx"):
            headers = site.get(f"{site.url}/{file}").headers
            assert unquote(headers["Content-Disposition"]).isprintable()


@pytest.mark.parametrize("name", ["attested_name", "attested", "request_key"])
def test_a_file_in_a_field_for_words_is_no_words(site, session, employer, name, now):
    site.sign_in(make.contact(session, employer.id))
    sent = fields_of(site, employer) | {"file": (io.BytesIO(csv_file([COLUMNS, *people(2)])), "people.csv")}
    url = f"/organization/{employer.id}/uploads"
    site.open(url, method="POST", data=sent | {name: (io.BytesIO(b"Jane Doe"), "x.txt")}, expect=200 if name == "request_key" else 422)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Upload)) == (name == "request_key")


def test_what_was_typed_as_a_formula_comes_back_as_text(site, session, employer, now):
    site.sign_in(make.contact(session, employer.id))
    bad = [f'=HYPERLINK("http://evil.example","{cell}")' for cell in people(1)[0]]
    evil = [[f"{sign}cmd|' /C calc'!A0"] * len(COLUMNS) for sign in "=+-@\t"]
    file = (io.BytesIO(csv_file([COLUMNS, bad, *evil])), "people.csv")
    site.open(
        f"/organization/{employer.id}/uploads", method="POST", data=fields_of(site, employer) | {"file": file},
        content_type="multipart/form-data",
    )  # fmt: skip
    upload = session.scalar(select(Upload))
    for name in ("rows-to-mend.xlsx", "results.xlsx"):
        book = load_workbook(io.BytesIO(site.get(f"/organization/{employer.id}/uploads/{upload.id}/{name}").data))
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds
        assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


def test_reading_a_hostile_file_keeps_nobody_from_writing(app, session, database, employer, now):
    """As much markup as a file may hold, packed into few bytes."""
    site = Site(app, session).sign_in(make.contact(session, employer.id))
    fields, url = fields_of(site, employer), f"/organization/{employer.id}/uploads"
    session.rollback()
    cell = "<c><v>1</v></c>"
    rows = raw_row(1, *COLUMNS) + "".join(f'<row r="{n}">{cell * 90}</row>' for n in range(2, 5001))
    book = raw_xlsx(rows)
    done = threading.Event()

    def send():
        file = (io.BytesIO(book), "people.xlsx")
        site.client.post(url, data=fields | {"file": file})
        done.set()

    thread = threading.Thread(target=send)
    longest, began = 0.0, time.perf_counter()
    thread.start()
    while not done.is_set():
        before = time.perf_counter()
        with database.transaction() as writing:
            writing.execute(text("SELECT 1"))
        longest = max(longest, time.perf_counter() - before)
        time.sleep(0.005)
    thread.join()
    whole = time.perf_counter() - began
    assert longest < whole / 2


def test_whoever_downloads_a_list_of_people_is_in_the_access_log(site, session, employer, now):
    contact = make.contact(session, employer.id)
    site.sign_in(contact)
    file = (io.BytesIO(xlsx([COLUMNS, *people(2)])), "people.xlsx")
    url = f"/organization/{employer.id}/uploads"
    site.client.post(url, data=fields_of(site, employer) | {"file": file})
    upload = session.scalar(select(Upload))
    for name in ("rows-to-mend.xlsx", "results.xlsx"):
        site.get(f"{url}/{upload.id}/{name}")
    entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "upload.downloaded")).all()
    assert [(entry.actor_id, entry.subject_id, entry.place_id) for entry in entries] == [
        (contact.id, upload.id, employer.id)
    ] * 2
