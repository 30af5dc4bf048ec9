"""What is done with many people at once stands among who opened the record of each of them, and of nobody else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from app.domain.accounts.access import system
from app.domain.accounts.models import Account, Grant
from app.domain.inventory.recall import MakeRecall, recall
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.recipients.finding.name_words import keep_name_words
from app.domain.recipients.merging.look_for_pairs import look_for_pairs
from app.domain.recipients.models import Recipient
from app.domain.reporting.cvrs.make_extract import make_extract
from app.domain.vaccinations.recalled_people import tell_people_of_recalls
from app.infra import clock
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.make import helpdesk
from tests.make.guardians import CHILD_BORN, dependant
from tests.make.inventory import lot
from tests.make.merging import STAFF, joined, separated
from tests.make.vaccinations import ZONE, dose, someone

ADDRESS = {"county_fips": "37183", "state_abbr": "NC", "zip": "27601"}
STATE = "Staff of the vaccine program of North Carolina"


@pytest.fixture
def clinic(session, now):
    at = make.location(session, "Eastside Clinic")
    at.stock = lot(session, at, number="EN1", doses=30)
    return at


@pytest.fixture
def maria(session, clinic):
    return known(session, clinic)


@pytest.fixture
def noah(session, clinic):
    return known(session, clinic, first_name="Noah", last_name="Ash", birth_date=date(1961, 2, 3))


@pytest.fixture
def log_of(site, session):
    """The table that a person reads, as lines of text."""
    accounts = {}

    def read(person):
        if person.id not in accounts:
            accounts[person.id] = make.person(session, person.id)
        site.sign_in(accounts[person.id])
        page, lines = site.open(f"/recipient/{person.id}/access"), []
        while True:
            lines += [" ".join(row.stripped_strings) for row in page.select("tbody tr")]
            following = page.select_one("nav.pager a[rel=next]")
            if following is None:
                return lines
            page = site.open(following["href"])

    return read


@pytest.fixture
def staff(site, session):
    account = make.administrator(session, first_name="Sal", last_name="State")

    def at_work():
        return site.sign_in(account)

    return at_work


def known(session, clinic=None, **told):
    made = someone(session, clinic, **{**ADDRESS, **told})
    keep_name_words(session, made)
    session.commit()
    return made


def extract(session, database, storage, day):
    session.rollback()
    moment = clock.day_bounds(day, ZONE)[1] + timedelta(hours=4)
    make_extract(database, storage, system("test"), day, zone=ZONE, now=moment)


def lines_with(lines, words):
    return [line for line in lines if words in line]


def search(site, text):
    return site.submit(site.open("/state/people"), "form.search", name=text)


def test_each_person_whose_name_a_search_showed_reads_of_it(site, session, staff, log_of, maria, noah):
    twin = known(session, first_name="Mari", last_name="Lopez")
    search(staff(), "lopez mari")
    for person in (maria, twin):
        assert len(lines_with(log_of(person), f"{STATE} Found the record in a search")) == 1
    assert lines_with(log_of(noah), "search") == []


def test_only_those_on_the_page_are_written_and_in_one_statement(site, session, database, staff, log_of, now):
    people = [known(session, first_name=f"Ann{chr(97 + number)}", last_name="Smith") for number in range(26)]
    staff()
    statements = []
    event.listen(database.engine, "before_cursor_execute", lambda *facts: statements.append((facts[2], facts[3])))
    page = search(site, "smith")
    assert len(page.select("#people tbody tr")) == 25
    written = [told for text, told in statements if text.startswith("INSERT INTO audit_entry")]
    assert len(written) == 1
    found = set(session.scalars(select(AuditEntry.subject_id).where(AuditEntry.act == "recipient.found")))
    assert found == {person.id for person in people[:25]}
    assert log_of(people[25]) == []


def test_who_is_found_by_a_joined_record_reads_of_it_in_the_kept_one(session, staff, log_of, maria):
    joined(session, maria, known(session, first_name="Mary", last_name="Maidenname"))
    search(staff(), "maidenname")
    assert len(lines_with(log_of(maria), "Found the record in a search")) == 1


def test_lists_of_staff_tell_each_person_whom_they_showed(session, database, staff, log_of, maria, noah, now):
    twin, third = known(session, phone="9195550142"), known(session, first_name="Rosa", last_name="Diaz")
    session.get_one(Recipient, maria.id).phone = "9195550142"
    session.commit()
    look_for_pairs(database, today=now.date(), now=now + timedelta(days=3650), settled=timedelta(0))
    separated(session, joined(session, noah, third))
    staff().open("/state/people/pairs")
    staff().open("/state/people/joined")
    for person in (maria, twin):
        assert len(lines_with(log_of(person), "Saw the record among people who look alike")) == 1
    staff().open(f"/state/people/{maria.id}")
    assert len(lines_with(log_of(twin), "Saw the record among people who look alike")) == 2
    assert len(lines_with(log_of(maria), "Saw the record among people who look alike")) == 1
    for person in (noah, third):
        assert lines_with(log_of(person), "look alike") == []
        assert len(lines_with(log_of(person), "Saw the name in a list")) == 1


def test_a_guardian_who_waits_and_the_child_read_that_their_names_were_shown(session, staff, log_of, maria, noah):
    on_file = known(session, first_name="Mia", birth_date=CHILD_BORN)
    session.get_one(Recipient, maria.id).zip = on_file.zip
    session.commit()
    child = dependant(session, maria)
    site = staff()
    assert "Mia Lopez" in text_of(site.open("/state/guardianships"), "tbody")
    assert len(lines_with(log_of(maria), "Saw the name in a list")) == 1
    staff().open(f"/state/guardianships/{child.id}")
    assert len(lines_with(log_of(maria), "Saw the name in a list")) == 2
    assert len(lines_with(log_of(on_file), "Compared the record")) == 1
    assert lines_with(log_of(noah), "Saw the name in a list") == []


def test_a_search_for_users_tells_those_who_are_recipients(session, staff, log_of, maria, noah):
    log_of(maria)
    log_of(noah)
    account = session.scalars(select(Account).join(Account.grants).where(Grant.scope_id == maria.id)).one()
    account.last_name, account.last_folded = "Zimmer", "zimmer"
    session.commit()
    site = staff()
    site.submit(site.open("/state/users"), "form[role=search]", name="zimmer")
    site.open(f"/state/users/{account.id}")
    lines = log_of(maria)
    assert len(lines_with(lines, "Found the record in a search")) == 1
    assert len(lines_with(lines, "Opened the account that belongs to the record")) == 1
    assert lines_with(log_of(noah), STATE) == []


def test_a_search_at_the_help_desk_tells_whom_the_cases_are_about(site, session, storage, log_of, maria, noah):
    helpdesk.opened(session, storage, recipient_id=maria.id)
    site.sign_in(helpdesk.agent(session))
    site.submit(site.open("/help/desk/find"), typed="lopez")
    assert len(lines_with(log_of(maria), "The help desk Found a request for help")) == 1
    assert lines_with(log_of(noah), "help") == []


def test_a_search_of_the_log_about_somebody_is_told_to_them(site, session, staff, log_of, maria, noah):
    site = staff()
    site.submit(site.open("/state/access-log"), "#search", person=maria.code)
    assert len(lines_with(log_of(maria), f"{STATE} Looked up who opened the record")) == 1
    assert lines_with(log_of(noah), "Looked up") == []


def test_an_extract_tells_those_whose_dose_is_in_it_and_what_it_says_of_them(
    site, session, database, storage, staff, log_of, clinic, maria, noah, now
):
    dose(session, clinic, maria, clinic.stock)
    extract(session, database, storage, now.date())
    staff().get(f"/state/federal/{now.date()}/1.txt")
    lines = log_of(maria)
    bare = "A dose is in it, without name, street and city"
    assert len(lines_with(lines, f"The system by itself Made the daily report to CDC. {bare}")) == 1
    assert len(lines_with(lines, f"{STATE} Took along the daily report to CDC. {bare}")) == 1
    assert "whether a health condition was named" in text_of(site.open(f"/recipient/{maria.id}/access"))
    assert lines_with(log_of(noah), "CDC") == []
    assert "CDC" not in text_of(site.open(f"/recipient/{noah.id}/access"))


def test_an_extract_with_names_says_so(session, database, storage, log_of, clinic, maria, now):
    change_setting(session, system("test"), ChangeSetting("cvrs_model", "i", now.date()), now=now)
    session.commit()
    dose(session, clinic, maria, clinic.stock)
    extract(session, database, storage, now.date())
    assert len(lines_with(log_of(maria), "A dose is in it, with name and address")) == 1


@pytest.mark.parametrize(("number", "words"), [("EN1", "Recalled a lot from which"), ("", "Stopped a vaccine of which")])
def test_a_recall_tells_those_who_are_on_its_list(session, database, staff, log_of, clinic, maria, noah, now, number, words):
    dose(session, clinic, maria, clinic.stock)
    dose(session, clinic, noah, lot(session, clinic, product="moderna-10"))
    made = recall(session, STAFF, MakeRecall("pfizer", number, "Particles"), now=now)
    session.commit()
    page = f"/state/recalls/{made.id}"
    session.rollback()
    tell_people_of_recalls(database, now=now)
    staff().open(page)
    assert len(lines_with(log_of(maria), words)) == 1
    assert len(lines_with(log_of(maria), f"{STATE} Saw the name in the list of people who got a recalled vaccine")) == 1
    assert [line for line in log_of(noah) if "Recalled" in line or "Stopped" in line or "recalled" in line] == []


def test_a_guardian_reads_it_of_the_child(site, session, database, storage, clinic, maria, now):
    child = dependant(session, maria)
    record = session.get_one(Recipient, child.dependant_id)
    record.zip, record.county_fips, record.state_abbr = "27601", "37183", "NC"
    session.commit()
    dose(session, clinic, record, clinic.stock)
    extract(session, database, storage, now.date())
    site.sign_in(session.get_one(Account, child.account_id))
    assert "Made the daily report to CDC" in text_of(site.open(f"/recipient/{record.id}/access"))
    assert "Made the daily report to CDC" not in text_of(site.open(f"/recipient/{maria.id}/access"))


def test_all_of_it_is_paged_without_gaps_or_doubles(session, database, storage, staff, log_of, clinic, maria, now):
    twin = known(session, clinic, first_name="Mari")
    joined(session, maria, twin)
    for person in (maria, twin):
        dose(session, clinic, person, clinic.stock)
    extract(session, database, storage, now.date())
    site = staff()
    for _ in range(30):
        site.get(f"/state/federal/{now.date()}/1.txt")
    lines = log_of(maria)
    assert len(lines_with(lines, "Took along the daily report")) == 30
    assert len(lines_with(lines, "Made the daily report")) == 1
    assert len(lines_with(lines, "Entered a dose")) == 2
