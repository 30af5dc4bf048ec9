"""A clinic uploads people, and decides about rows that look like somebody on record."""

import io
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.domain.accounts.models import Invitation
from app.domain.recipients.models import Listing, Recipient
from app.domain.uploads.models import Upload, UploadRow
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.files.people import COLUMNS, people, sheet_of
from tests.files.workbooks import xlsx
from tests.make.recipients import on_record

FORM = "main form[enctype]"
ZIP, EMAIL, PHONE = COLUMNS.index("ZIP Code"), COLUMNS.index("Email"), COLUMNS.index("Phone")


@dataclass
class Held:
    """A clinic with one held row, the record that it looks like, and who is signed in."""

    place_id: UUID
    record: Recipient
    row: list[str]
    url: str
    links: list[str] = field(default_factory=list)


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def send(site, session, place):
    site.sign_in(make.manager(session, place))

    def act(*rows):
        page = site.open(f"/provider/{place.id}/uploads")
        file = (io.BytesIO(xlsx([COLUMNS, *rows])), "people.xlsx")
        return site.submit(page, FORM, file=file, attested="y", attested_name="Ann Lee")

    return act


@pytest.fixture
def held(site, session, place, send):
    crew = people(3)
    record = on_record(session, crew[0])
    row = [*crew[0]]
    row[EMAIL], row[PHONE], row[ZIP] = "other@example.org", "9195550199", "28801"
    page = send(row, *crew[1:])
    return Held(place.id, record, row, site.url, [link["href"] for link in page.select(".queue a")])


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def figures(page):
    return {box.dt.text.strip(): int(box.dd.text) for box in page.select(".stat")}


def lines(page):
    return {
        row.th.text: tuple(cell.get_text(" ", strip=True) for cell in row.select("td"))
        for row in page.select("main table tbody tr")
    }


def listed(session, place_id):
    return set(session.scalars(select(Listing.recipient_id).where(Listing.scope_id == place_id)))


def test_a_clinic_sees_which_people_were_new_and_which_on_record(site, session, send, now):
    crew = people(5)
    on_record(session, crew[0])
    page = send(*crew)
    assert figures(page) == {
        "people in the file": 5, "accepted, new": 4, "accepted, on record already": 1, "for you to decide": 0, "to mend": 0,
    }  # fmt: skip
    assert "Every row was accepted" in text_of(page)
    book = sheet_of(site.get(page.select_one('a[href$="/results.xlsx"]')["href"]).data)
    assert Counter(row["Status"] for row in book) == {"Accepted": 4, "Accepted (on record already)": 1}


def test_a_held_row_is_shown_beside_the_record_with_why(site, held):
    page = site.open(held.url)
    assert figures(page)["for you to decide"] == 1
    why = "same name, same birth date, another e-mail address, another phone number, another ZIP code"
    assert f"Row 2 · {why}" in text_of(page, ".queue")
    page = site.open(held.links[0])
    told = lines(page)
    assert told["Last name"] == ("Okafor-Bababababa", "Okafor-Bababababa", "Same")
    assert told["ZIP code"] == ("28801", "27601", "Different")
    assert told["City"][2] == "Same"
    assert "Middle name" not in told


def test_how_to_reach_the_person_on_record_is_shown_in_part_only(site, held):
    told = lines(site.open(held.links[0]))
    assert told["E-mail"] == ("other@example.org", "p•••@example.org", "Different")
    assert told["Phone"] == ("(919) 555-0199", "(•••) •••-0000", "Different")
    assert held.record.email not in site.response.get_data(as_text=True)
    assert held.record.phone not in site.response.get_data(as_text=True)


def test_comparing_is_noted_as_reading_about_the_person(site, session, held):
    site.open(held.links[0])
    note = session.scalar(select(AuditEntry).where(AuditEntry.act == "recipient.compared"))
    assert (note.subject_id, note.place_id) == (held.record.id, held.place_id)


def test_the_same_person_joins_the_list_and_nobody_is_made(site, session, held):
    before = count(session, Recipient), count(session, Invitation)
    page = site.submit(site.open(held.links[0]), person="same")
    assert "Row 2 is accepted" in text_of(page)
    assert figures(page)["for you to decide"] == 0
    assert figures(page)["accepted, on record already"] == 1
    assert not page.select(".queue")
    assert held.record.id in listed(session, held.place_id)
    assert (count(session, Recipient), count(session, Invitation)) == before
    assert session.get_one(Recipient, held.record.id).email == "p0@example.org"


def test_a_different_person_is_made_listed_and_invited(site, session, held):
    before = count(session, Recipient), count(session, Invitation)
    page = site.submit(site.open(held.links[0]), person="different")
    assert figures(page)["accepted, new"] == 3
    assert (count(session, Recipient), count(session, Invitation)) == (before[0] + 1, before[1] + 1)
    made = session.scalar(select(Recipient).where(Recipient.email == "other@example.org"))
    assert made.zip == "28801"
    assert made.id in listed(session, held.place_id)
    assert held.record.id not in listed(session, held.place_id)
    row = session.scalar(select(UploadRow).where(UploadRow.number == 2))
    assert (row.fate, row.subject_id) == ("created", made.id)


def test_a_decision_is_asked_for_and_made_once(site, session, held):
    page = site.open(held.links[0])
    page = site.submit(page, expect=422)
    assert "Choose one of the two" in text_of(page, ".usa-form-group--error")
    other = site.open(held.links[0])
    site.submit(page, person="different")
    made = count(session, Recipient)
    site.submit(page, person="different")
    assert count(session, Recipient) == made
    site.submit(other, expect=409, person="same")
    assert held.record.id not in listed(session, held.place_id)
    assert site.open(held.links[0]).h1.text == "people.xlsx"


def test_another_clinic_can_neither_see_nor_decide(site, session, held):
    other = make.location(session, "Westside Clinic")
    site.sign_in(make.manager(session, other))
    site.open(held.url, expect=404)
    site.open(held.links[0], expect=404)
    site.open(held.links[0].replace(str(held.place_id), str(other.id)), expect=404)
    page = site.open(f"/provider/{other.id}/uploads")
    token = page.select_one(f"{FORM} [name=csrf_token]")["value"]
    for url in (held.links[0], held.links[0].replace(str(held.place_id), str(other.id))):
        site.open(url, method="POST", data={"csrf_token": token, "person": "same"}, expect=404)
    assert session.scalar(select(UploadRow.fate).where(UploadRow.number == 2)) == "held"


def test_a_healthcare_provider_does_not_upload(site, session, place, held):
    site.sign_in(make.healthcare_provider(session, place))
    site.open(f"/provider/{place.id}/uploads", expect=403)
    site.open(held.links[0], expect=403)
    assert count(session, Upload) == 1


def test_a_name_that_sounds_alike_is_held_and_told_so(site, session, send, now):
    crew = people(1)
    on_record(session, crew[0])
    row = [*crew[0]]
    row[COLUMNS.index("Last Name")] = row[COLUMNS.index("Last Name")].replace("Okafor", "Okaphor")
    page = send(row)
    assert "same birth date, name sounds alike" in text_of(page, ".queue")
    told = lines(site.open(page.select_one(".queue a")["href"]))
    assert told["Last name"][2] == "Different"
    assert told["E-mail"] == ("p0@example.org", "p0@example.org", "Same")
