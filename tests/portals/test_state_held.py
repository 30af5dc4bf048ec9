"""Staff of the state decide rows of organizations' uploads that look like somebody on record; the organization learns nothing."""

import io
from dataclasses import dataclass

import pytest
from sqlalchemy import event, func, select

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Invitation
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.recipients.decide_held import DecideHeldOfOrganization, decide_held_of_organization
from app.domain.recipients.held_rows import count_held_rows, list_held_rows
from app.domain.recipients.models import Listing, Recipient
from app.domain.uploads.models import Upload, UploadRow
from app.infra import clock
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.files.people import COLUMNS, people
from tests.files.workbooks import xlsx
from tests.make import eligibility, organizations
from tests.make.recipients import on_record

FORM = "main form[enctype]"
ZIP, EMAIL, PHONE, LAST = (COLUMNS.index(title) for title in ("ZIP Code", "Email", "Phone", "Last Name"))


@dataclass
class Held:
    """An employer with one held row among three people, the record it looks like, and who may decide."""

    base: str
    employer_id: object
    contact: Account
    staff: Account
    record: Recipient
    upload_url: str
    row_id: object

    @property
    def url(self):
        return f"/state/held/{self.row_id}"


@pytest.fixture
def staff(session, now):
    return make.account(session, Role.STATE_STAFF, realm="state")


def employer_of(session, name):
    made = organizations.employer(session, name)
    return made, make.contact(session, made.id)


def send(site, employer, contact, *rows, name="people.xlsx"):
    site.sign_in(contact)
    page = site.open(f"/organization/{employer.id}/uploads")
    file = (io.BytesIO(xlsx([COLUMNS, *rows])), name)
    return site.submit(page, FORM, file=file, attested="y", attested_name="Jane Doe")


def unlike(row):
    other = [*row]
    other[EMAIL], other[PHONE], other[ZIP] = "other@example.org", "9195550199", "28801"
    return other


@pytest.fixture
def held(site, session, staff):
    crew = people(3)
    record = on_record(session, crew[0])
    employer, contact = employer_of(session, "Harvest Foods")
    send(site, employer, contact, unlike(crew[0]), *crew[1:])
    url = site.url
    row_id = session.scalar(select(UploadRow.id).where(UploadRow.fate == "held"))
    site.sign_in(staff)
    return Held(f"/organization/{employer.id}", employer.id, contact, staff, record, url, row_id)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def queued(page):
    return [" ".join(entry.get_text(" ").split()) for entry in page.select(".queue li")]


def what_the_organization_sees(site, held):
    """The figures of its upload without those being checked, and its people."""
    site.sign_in(held.contact)
    page = site.open(held.upload_url)
    figures = {box.dt.find(string=True, recursive=False).strip(): box.dd.text for box in page.select(".stat")}
    names = [" ".join(entry.get_text(" ").split()) for entry in site.open(f"{held.base}/people").select(".results li")]
    return figures, sorted(names)


def listed(session, place_id):
    return set(session.scalars(select(Listing.recipient_id).where(Listing.scope_id == place_id)))


def test_staff_find_what_waits_from_the_menu_and_from_operations(site, held):
    page = site.open("/state/operations")
    assert "1 person uploaded by an employer waits for a decision" in text_of(page)
    menu = [link["href"] for link in page.select("header nav a")]
    assert "/state/held" in menu
    page = site.open("/state/held")
    assert [link.text.strip() for link in page.select("header nav [aria-current]")] == ["Close matches"]
    (entry,) = queued(page)
    assert "Harvest Foods" in entry
    assert "same name, same birth date, another e-mail address" in entry
    assert page.select_one(".queue a")["href"] == held.url


def test_nothing_waits_and_the_pages_say_so(site, staff):
    site.sign_in(staff)
    assert "Nothing waits for a decision" in text_of(site.open("/state/held"))
    assert "Nobody waits for a decision" in text_of(site.open("/state/operations"))


def test_the_row_stands_beside_the_record_which_is_shown_in_part(site, session, held):
    page = site.open(held.url)
    told = {row.th.text: [cell.text.strip() for cell in row.select("td")] for row in page.select("main tbody tr")}
    assert told["ZIP code"] == ["28801", "27601", "Different"]
    assert told["E-mail"] == ["other@example.org", "p•••@example.org", "Different"]
    assert held.record.email not in site.response.get_data(as_text=True)
    note = session.scalar(select(AuditEntry).where(AuditEntry.act == "recipient.compared"))
    assert (note.subject_id, note.place_id, note.actor_id) == (held.record.id, held.employer_id, held.staff.id)


def test_the_same_person_joins_the_organizations_list_and_nobody_is_made(site, session, held):
    before = count(session, Recipient), count(session, Invitation)
    page = site.submit(site.open(held.url), person="same")
    assert "Row 2 of people.xlsx is decided" in text_of(page)
    assert not queued(page)
    assert held.record.id in listed(session, held.employer_id)
    assert (count(session, Recipient), count(session, Invitation)) == before
    upload = session.scalars(select(Upload)).one()
    assert (upload.held_count, upload.present_count, upload.created_count) == (0, 1, 2)
    note = session.scalar(select(AuditEntry).where(AuditEntry.act == "upload.row_decided"))
    assert (note.subject_id, note.place_id, note.facts) == (held.record.id, held.employer_id, {"same": True})


def test_a_different_person_is_made_for_the_organization_and_invited(site, session, held):
    before = count(session, Invitation)
    site.submit(site.open(held.url), person="different")
    made = session.scalar(select(Recipient).where(Recipient.email == "other@example.org"))
    assert made.organization_id == held.employer_id
    assert listed(session, held.employer_id) & {made.id, held.record.id} == {made.id}
    assert count(session, Invitation) == before + 1


def test_the_organization_sees_the_same_whatever_was_decided(site, session, staff):
    crew = people(2)
    seen = []
    for answer in ("same", "different"):
        record = on_record(session, crew[0])
        employer, contact = employer_of(session, f"Employer that hears {answer}")
        row = unlike(crew[0])
        row[LAST] = row[LAST].replace("Okafor", "Okaphor")
        send(site, employer, contact, row, *([crew[1]] if answer == "same" else []))
        row_id = session.scalar(select(UploadRow.id).where(UploadRow.fate == "held"))
        held = Held(f"/organization/{employer.id}", employer.id, contact, staff, record, site.url, row_id)
        site.sign_in(staff)
        site.submit(site.open(held.url), person=answer)
        seen.append([name for name in what_the_organization_sees(site, held)[1] if "Okaphor" in name])
        session.query(Listing).delete()
        session.execute(Recipient.__table__.update().values(name_key="x", sound_key="x"))
        session.commit()
    assert seen[0] == seen[1]
    assert len(seen[0]) == 1


def test_a_name_on_record_in_other_letters_is_not_told_to_the_organization(site, session, now):
    crew = people(2)
    row = [*crew[0]]
    row[0] = crew[0][0].upper()
    on_record(session, crew[0])
    employer, contact = employer_of(session, "Harvest Foods")
    send(site, employer, contact, row, crew[1])
    page = site.open(f"/organization/{employer.id}/people")
    assert f"{crew[0][0].upper()} {crew[0][LAST]}" in text_of(page)


def test_a_name_that_the_person_corrects_is_not_told_to_the_organization(site, session, now):
    crew = people(2)
    employer, contact = employer_of(session, "Harvest Foods")
    send(site, employer, contact, *crew)
    sent = f"{crew[0][0]} {crew[0][LAST]}"
    record = session.scalar(select(Recipient).where(Recipient.first_name == crew[0][0]))
    eligibility.answer(session, record, now=now, first_name="Quentin", last_name="Zimmer")
    page = site.open(f"/organization/{employer.id}/people")
    assert sent in text_of(page)
    assert "Zimmer" not in text_of(page)
    found = text_of(site.submit(page, "main form", name=crew[0][LAST]))
    assert sent in found


def test_a_decision_changes_no_figure_that_the_organization_sees(site, held):
    before, people_before = what_the_organization_sees(site, held)
    assert before["accepted"] == "3"
    assert len(people_before) == 2
    site.sign_in(held.staff)
    site.submit(site.open(held.url), person="same")
    after, people_after = what_the_organization_sees(site, held)
    assert after == before
    assert len(people_after) == 3


def test_a_decision_is_asked_for_and_made_once(site, session, held):
    page = site.submit(site.open(held.url), expect=422)
    assert "Choose one of the two" in text_of(page, ".usa-form-group--error")
    other = site.open(held.url)
    site.submit(page, person="different")
    made = count(session, Recipient)
    site.submit(page, person="different")
    again = site.submit(other, expect=409, person="same")
    assert again.h1
    assert count(session, Recipient) == made
    assert held.record.id not in listed(session, held.employer_id)
    assert site.open(held.url).h1.text == "Close matches"


def test_two_who_decide_at_once_make_one_person(session, database, held):
    actor = make.actor(session, held.staff)
    session.rollback()
    made = []
    for _ in range(2):
        with database.transaction() as own:
            row = decide_held_of_organization(
                own, actor, DecideHeldOfOrganization(held.row_id, same=False), now=clock.now()
            )
            made.append(row.subject_id)
    assert made[0] == made[1]
    with database.transaction() as own, pytest.raises(Conflict):
        decide_held_of_organization(own, actor, DecideHeldOfOrganization(held.row_id, same=True), now=clock.now())


def test_rows_wait_in_the_order_of_files_and_rows_page_by_page(site, session, staff):
    crew = people(7)
    for row in crew:
        on_record(session, row)
    for place, (name, rows) in enumerate({"First Foods": crew[:4], "Second Foods": crew[4:]}.items()):
        send(site, *employer_of(session, name), *(unlike(row) for row in rows), name=f"{place}.xlsx")
    actor = make.actor(session, staff)
    assert count_held_rows(session, actor) == 7
    seen, after = [], None
    while True:
        found = list_held_rows(session, actor, after=after, size=3)
        seen += [(held.organization_name, held.row.number) for held in found.items]
        after = found.next_after
        if after is None:
            break
    assert seen == [("First Foods", number) for number in (2, 3, 4, 5)] + [("Second Foods", number) for number in (2, 3, 4)]
    assert len(list_held_rows(session, actor, after="nonsense", size=3).items) == 3


def test_a_page_of_held_rows_is_two_queries(site, session, held):
    actor, asked = make.actor(session, held.staff), []
    bind = session.get_bind()

    def note(*arguments):
        asked.append(arguments[2])

    event.listen(bind, "before_cursor_execute", note)
    try:
        for one in list_held_rows(session, actor).items:
            assert one.organization_name
            assert one.upload.filename
    finally:
        event.remove(bind, "before_cursor_execute", note)
    assert len([query for query in asked if query.startswith("SELECT")]) == 2


def test_only_held_rows_of_organizations_are_there(site, session, held):
    crew = people(1)
    place = make.location(session)
    boss = make.manager(session, place)
    site.sign_in(boss)
    page = site.open(f"/provider/{place.id}/uploads")
    file = (io.BytesIO(xlsx([COLUMNS, unlike(crew[0])])), "clinic.xlsx")
    site.submit(page, FORM, file=file, attested="y", attested_name="Ann Lee")
    clinics = session.scalar(select(UploadRow.id).where(UploadRow.fate == "held", UploadRow.id != held.row_id))
    assert clinics is not None
    plain = session.scalar(select(UploadRow.id).where(UploadRow.fate == "created"))
    site.sign_in(held.staff)
    assert len(queued(site.open("/state/held"))) == 1
    for row_id in (clinics, plain, make.NOBODY):
        site.open(f"/state/held/{row_id}", expect=404)


def test_nobody_but_staff_of_the_state_decides(site, session, held):
    place = make.location(session)
    for account in (held.contact, make.manager(session, place)):
        actor = make.actor(session, account)
        for refused in (lambda actor=actor: list_held_rows(session, actor), lambda actor=actor: count_held_rows(session, actor)):
            with pytest.raises((NotFound, NotAllowed)):
                refused()
        site.sign_in(account)
        site.open("/state/held", expect=404)
        site.open(held.url, expect=404)
    assert session.scalar(select(UploadRow.fate).where(UploadRow.id == held.row_id)) == "held"
