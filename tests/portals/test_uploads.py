"""An employer uploads its people: what happened at once, rows to mend, refusals, and what stays unsaid."""

import gzip
import io
from collections import Counter

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, func, select

from app.domain.accounts.models import Invitation
from app.domain.recipients.models import Listing, Recipient
from app.domain.uploads.models import Upload, UploadRow
from tests import make
from tests.browserless import form_data, read_html, text_of
from tests.files.people import COLUMNS, people, sheet_of, with_mistakes
from tests.files.workbooks import csv_file, package, raw_row, raw_xlsx, xlsx
from tests.make import organizations
from tests.make.organizations import organization
from tests.make.recipients import on_record

FORM = "main form[enctype]"


@pytest.fixture
def employer(session, now):
    return organizations.employer(session)


@pytest.fixture
def base(site, session, employer):
    """The address of the employer's uploads; its contact is signed in."""
    site.sign_in(make.contact(session, employer.id, email="jane@example.org"))
    return f"/organization/{employer.id}/uploads"


@pytest.fixture
def send(site, base):
    """Send a file with the form of the page, as somebody who confirms it."""

    def act(data, name="people.xlsx", *, expect=200, on=None, **other):
        fields = {"attested": "y", "attested_name": "Jane Doe"} | other
        return site.submit(on or site.open(base), FORM, expect=expect, file=(io.BytesIO(data), name), **fields)

    return act


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def inner(page, selector):
    return " ".join(str(page.select_one(selector)).split())


def figures(page):
    """What the page counts: {label: number}."""
    return {
        box.dt.find(string=True, recursive=False).strip(): int(box.dd.text.replace(",", ""))
        for box in page.select(".stat")
    }


def cells(page):
    """The mistakes as shown: {cell: (what is there, what to do)}."""
    rows = page.select("#progress tbody tr")
    return {
        row.th.text: (row.select('[data-label="What is there"]')[0].text, row.select("td")[-1].text) for row in rows
    }


def test_eighty_seven_people_six_rows_to_mend_three_known_already(site, session, send, base, now):
    crew = people(87)
    for known in crew[:3]:
        on_record(session, known)
    page = send(xlsx([COLUMNS, *with_mistakes(crew)]))
    assert figures(page) == {"people in the file": 87, "accepted": 81, "to mend": 6}
    assert "to mend in 9 cells" in text_of(page, "#progress")
    told = cells(page)
    assert len(told) == 9
    assert told["D12"][0] == "31/31/1990"
    assert "There is no such day" in told["D12"][1]
    assert told["C22"] == ("Nothing", "Enter the last name.")
    assert Counter(session.scalars(select(UploadRow.fate))) == {"created": 78, "present": 3, "mistaken": 6}
    assert count(session, Recipient) == count(session, Listing) == 81
    assert count(session, Invitation) == 78

    book = site.get(page.select_one('a[href$="/rows-to-mend.xlsx"]')["href"])
    assert "attachment" in book.headers["Content-Disposition"]
    wrong = sheet_of(book.data)
    assert len(wrong) == 6
    assert "D12: Date of Birth - There is no such day" in wrong[0]["What to fix"]
    mended = [[*row[: len(COLUMNS)]] for row in (crew[place] for place in (10, 20, 30, 40, 50, 60))]
    page = send(xlsx([[*COLUMNS, "What to fix", "Original row"], *([*row, "mended", 1] for row in mended)]), on=page)
    assert figures(page) == {"people in the file": 6, "accepted": 6, "to mend": 0}
    assert "Every row was accepted" in text_of(page)
    assert count(session, Recipient) == count(session, Listing) == 87


def test_the_workbook_of_bad_rows_can_be_sent_back_just_as_it_came(site, session, send, now):
    page = send(xlsx([COLUMNS, *with_mistakes(people(87))]))
    book = site.get(page.select_one('a[href$="/rows-to-mend.xlsx"]')["href"]).data
    page = send(book, "Rows to mend.xlsx")
    assert figures(page) == {"people in the file": 6, "accepted": 0, "to mend": 6}
    opened = load_workbook(io.BytesIO(book))
    sheet = opened["Recipients"]
    sheet.cell(3, [cell.value for cell in sheet[1]].index("Last Name*") + 1, "Okafor-Mended")
    out = io.BytesIO()
    opened.save(out)
    page = send(out.getvalue(), "Rows to mend.xlsx")
    assert figures(page) == {"people in the file": 6, "accepted": 1, "to mend": 5}


def test_an_employer_never_learns_who_was_known_before(site, session, send, now):
    crew = people(4)
    known = on_record(session, crew[0], middle_name="Secretive", registered_at=now)
    held = [*crew[1]]
    on_record(session, crew[1])
    held[COLUMNS.index("Email")], held[COLUMNS.index("Phone")], held[COLUMNS.index("ZIP Code")] = "o@x.org", "", "28801"
    page = send(xlsx([COLUMNS, crew[0], held, *crew[2:]]))
    assert Counter(session.scalars(select(UploadRow.fate))) == {"created": 2, "present": 1, "held": 1}
    assert figures(page) == {"people in the file": 4, "accepted": 4, "to mend": 0}
    assert "1 of them being checked by staff" in text_of(page)
    texts = [text_of(page)]
    results = sheet_of(site.get(page.select_one('a[href$="/results.xlsx"]')["href"]).data)
    assert [row["Status"] for row in results] == ["Accepted", "Accepted, being checked by staff", "Accepted", "Accepted"]
    texts.append(text_of(site.open(site.url.split("/uploads")[0] + "/people")))
    for text in texts:
        for telling in ("already", "on record", "known", "exists", "Secretive", str(known.id), known.code):
            assert telling not in text


def test_the_people_page_tells_names_and_registration_and_searches_by_name(site, session, send, base, now):
    send(xlsx([COLUMNS, *people(60)]))
    first = session.scalar(select(Recipient).order_by(Recipient.last_folded))
    first.registered_at = now
    session.commit()
    url = base.replace("/uploads", "/people")
    page = site.open(url)
    assert len(page.select("#people li")) == 50
    assert text_of(page, "#people li").endswith("Registered")
    assert len(site.open(page.select_one(".pager a[rel=next]")["href"]).select("#people li")) == 10
    page = site.submit(site.open(url), "form[role=search]", name=first.last_name.lower())
    assert [text_of(page, "#people li")] == [f"{first.first_name} {first.last_name} Registered"]
    assert first.last_name.lower() not in site.url.lower()
    typed = form_data(page.select_one("form[role=search]"))
    fragment = read_html(site.htmx(url, method="POST", data=typed, follow_redirects=True).get_data(as_text=True))
    assert not fragment.select("h1")
    assert inner(fragment, "#people") == inner(page, "#people")
    page = site.submit(page, "form[role=search]", name="zzz")
    assert "Nobody among your people has a name that begins with “zzz”" in text_of(page)
    for odd in ("\0", "x" * 400, "%", "';--"):
        site.submit(page, "form[role=search]", name=odd)
        site.open(url, query_string={"after": odd, "q": odd})
    site.open(f"{url}?after=WyJcdTAwMDAiLCJhIiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0")


def test_details_are_confirmed_before_anybody_is_uploaded(site, session, employer, base, now):
    employer.confirmed_at = None
    session.commit()
    assert site.open(base).h1.text == "Organization details"
    assert site.url.endswith("/details")


def test_the_templates_can_be_downloaded_and_sent_back_filled_in(site, session, send, base, now):
    page = site.open(base)
    book = load_workbook(io.BytesIO(site.get(page.select_one('a[href$=".xlsx"]')["href"]).data))
    assert book.sheetnames == ["Recipients", "Instructions", "Lists"]
    lines = site.get(page.select_one('a[href$=".csv"]')["href"]).data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("First Name*,Middle Name,Last Name*")
    sheet = book["Recipients"]
    for column, value in ((1, "Ana"), (3, "Núñez"), (5, "02/14/1980"), (12, "27601")):
        sheet.cell(3, column, value)
    out = io.BytesIO()
    book.save(out)
    assert figures(send(out.getvalue()))["accepted"] == 1
    assert figures(send("\n".join([*lines, "Bo,,Chan,,03/25/1975,,,,,,,27602"]).encode(), "people.csv"))["accepted"] == 1
    assert set(session.scalars(select(Recipient.last_name))) == {"Núñez", "Chan"}


HOSTILE = {
    "empty": (b"", "The file is empty"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "password"
    ),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "a picture"),
    "bomb": (package({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": b"\0" * 60_000_000}), "more than we can read"),
    "no headings": (xlsx([("one", "two"), ("Ann", "Lee")]), "did not find the column headings"),
    "renamed": (xlsx([("First Name", "Last Name", "Birthday Date", "ZIP Code"), ("A", "B", "C", "D")]), "did you mean"),
    "no rows": (xlsx([COLUMNS]), "no rows below"),
    "too many": (csv_file([COLUMNS, *people(1) * 5001]), "more than 5,000 rows"),
    "cut": (xlsx([COLUMNS, *people(9)])[:-300], "damaged"),
    "dtd": (raw_xlsx(raw_row(1, "A"), more={"xl/styles.xml": '<!DOCTYPE x [<!ENTITY a "b">]><styleSheet/>'}), "damaged"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field_and_nothing_is_kept(site, session, storage, send, kind, now):
    data, word = HOSTILE[kind]
    page = send(data, expect=422)
    assert word in text_of(page, ".usa-form-group--error .usa-error-message")
    assert word in text_of(page, "[data-error-summary]")
    assert page.select_one("[name=attested_name]")["value"] == "Jane Doe"
    assert page.select_one("[name=attested]").has_attr("checked")
    assert count(session, Upload) == count(session, Recipient) == 0
    assert not list(storage.root.rglob("uploads/*/*"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"attested_name": " "}, "Type your name, as a signature"),
        ({"attested_name": "x" * 121}, "Use 120 characters or fewer"),
        ({"attested": ""}, "Tick this box if it is so"),
        ({"attested": "false"}, "Tick this box if it is so"),
    ],
)
def test_nothing_is_taken_without_the_confirmation(site, session, send, fields, said, now):
    page = send(xlsx([COLUMNS, *people(2)]), expect=422, **fields)
    assert said in text_of(page, ".usa-form-group--error")
    assert count(session, Upload) == 0


def test_a_form_without_file_says_so(site, session, base, now):
    page = site.submit(site.open(base), FORM, expect=422, attested="y", attested_name="Jane Doe")
    assert "Choose the file with the people" in text_of(page, ".usa-form-group--error")


def test_the_attestation_is_kept_with_name_and_moment(site, session, send, now):
    send(xlsx([COLUMNS, *people(1)]), "../C:/x/<b>people\x07.xlsx", attested_name="Jane Q. Doe")
    kept = session.scalar(select(Upload))
    assert (kept.attested_name, kept.filename) == ("Jane Q. Doe", "<b>people.xlsx")
    assert abs((kept.sent_at - now).total_seconds()) < 60


def test_the_very_same_file_is_refused_until_it_is_sent_again_on_purpose(site, session, send, now):
    data = xlsx([COLUMNS, *people(5)])
    first = send(data)
    page = send(data, "another name.xlsx", expect=422)
    assert "was sent on Mar 10, 2021" in text_of(page, ".usa-form-group--error")
    earlier = page.select_one(f'{FORM} a[href*="/uploads/"]')["href"]
    assert site.open(earlier).h1.text == first.h1.text == "people.xlsx"
    assert count(session, Upload) == 1
    page = send(data, on=page, send_again="y")
    assert figures(page)["accepted"] == 5
    assert (count(session, Upload), count(session, Recipient), count(session, Invitation)) == (2, 5, 5)


def test_a_form_sent_twice_by_a_double_click_uploads_once(site, session, send, base, now):
    page = site.open(base)
    send(xlsx([COLUMNS, *people(3)]), on=page)
    page = send(xlsx([COLUMNS, *people(3)]), on=page)
    assert "nothing was done twice" in text_of(page)
    assert page.h1.text == "people.xlsx"
    assert count(session, Upload) == 1


def test_another_employers_upload_is_not_there(site, session, send, base, now):
    page = send(xlsx([COLUMNS, *with_mistakes(people(87))]))
    mine = site.url
    links = [link["href"] for link in page.select('#progress a[href*="/uploads/"]')]
    other = organization(session, "Other Foods")
    other.confirmed_at = now
    site.sign_in(make.contact(session, other.id))
    for url in (mine, *links):
        site.open(url, expect=404)
        site.open(url.replace(base.split("/")[2], str(other.id)), expect=404)
    assert "Nothing was sent yet" in text_of(site.open(f"/organization/{other.id}/uploads"))


def test_a_file_whose_bytes_are_gone_has_no_results_but_a_page(site, session, storage, send, now):
    send(xlsx([COLUMNS, *people(2)]))
    storage.delete(session.scalar(select(Upload.storage_key)))
    url = site.url
    site.open(f"{url}/results.xlsx", expect=404)
    site.open(f"{url}?after=²")
    site.open(f"{url}?after={'9' * 40}")


def test_no_page_asks_the_database_for_each_of_its_rows(site, session, send, base, database, now):
    def queries(url):
        asked = []
        event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
        site.client.get(url)
        return len(asked)

    crew = people(87)
    send(xlsx([COLUMNS, *crew[:1]]))
    pages = [base, base.replace("/uploads", "/people"), site.url]
    few = [queries(url) for url in pages]
    send(xlsx([COLUMNS, *with_mistakes(crew)]))
    pages[2] = site.url
    send(xlsx([COLUMNS, *crew[10:20]]))
    assert [queries(url) for url in pages] == few
    assert max(few) <= 12


def test_what_comes_while_waiting_and_at_the_end_is_small_on_the_wire(site, session, send, now):
    rows = [("A1", "", "", "31/31/1990", "x", "1", "", "2")] * 90
    send(xlsx([COLUMNS, *rows]))
    done = site.htmx(site.url).data
    assert done.count(b"<tr>") == 1 + 90 * 6
    upload = session.scalar(select(Upload))
    upload.status, upload.rows_settled = "working", 50
    session.commit()
    assert len(gzip.compress(site.htmx(site.url).data)) < 1_000
    assert len(gzip.compress(done)) < 10_000
