"""Who opened my record, reminders on and off, and what to do when something is wrong."""

import pytest
from sqlalchemy import event

from app.domain.recipients.models import Recipient
from app.domain.reminders.choices import stop_token
from app.domain.reminders.models import ReminderStop
from app.infra import audit
from tests import make
from tests.browserless import text_of
from tests.make.guardians import dependant
from tests.make.vaccinations import someone, visit


@pytest.fixture
def person(session, now):
    return someone(session, email="maria@example.net")


@pytest.fixture
def signed_in(site, session, person):
    site.sign_in(make.person(session, person.id, email="maria@example.net"))
    return f"/recipient/{person.id}"


def read(session, person, account, *, act="recipient.opened", place=None, now):
    audit.record(
        session, actor_kind="person", actor_id=account.id, act=act, subject_kind="recipient", subject_id=person.id,
        place_id=place, now=now,
    )  # fmt: skip
    session.commit()


def test_everybody_who_opened_the_record_is_listed_without_names_of_staff(site, session, person, signed_in, now):
    clinic = make.location(session, "Eastside Clinic")
    visit(session, clinic, person)
    nurse = make.healthcare_provider(session, clinic, first_name="Nora", last_name="Nurse")
    read(session, person, nurse, place=clinic.id, now=now)
    read(session, person, make.administrator(session, first_name="Sal", last_name="State"), now=now)
    site.open(signed_in)
    told = text_of(site.open(f"{signed_in}/access"))
    assert "A clinic: Eastside Clinic Opened the record" in told
    assert "A clinic: Eastside Clinic Checked you in" in told
    assert "Staff of the vaccine program of North Carolina Opened the record" in told
    assert "You Opened the record" in told
    for name in ("Nora", "Nurse", "Sal", "State Opened"):
        assert name not in told


def test_codes_on_paper_and_joined_records_are_named_as_what_they_are(site, session, person, signed_in, now):
    clinic = make.location(session, "Eastside Clinic")
    nurse = make.healthcare_provider(session, clinic)
    read(session, person, nurse, act="recipient.access_code_printed", place=clinic.id, now=now)
    read(session, person, make.administrator(session), act="recipient.joined", now=now)
    told = text_of(site.open(f"{signed_in}/access"))
    assert "A clinic: Eastside Clinic Printed a code on paper that opens the record" in told
    assert "Staff of the vaccine program of North Carolina Joined the record with another one of the same person" in told


def test_a_child_sees_the_guardian_and_not_their_name(site, session, person, signed_in, now):
    made = dependant(session, person)
    site.open(f"/recipient/{made.dependant_id}")
    told = text_of(site.open(f"/recipient/{made.dependant_id}/access"), "tbody")
    assert "A parent or guardian Opened the record" in told
    assert "Maria" not in told


def test_long_lists_are_paged_with_the_same_number_of_queries(site, session, database, person, signed_in, now):
    clinic = make.location(session, "Eastside Clinic")
    nurse = make.healthcare_provider(session, clinic)
    merged = someone(session, first_name="Twin", merged_into_id=person.id)
    for number in range(60):
        read(session, merged if number % 2 else person, nurse, place=clinic.id, now=now)
    statements = []
    event.listen(database.engine, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    page = site.open(f"{signed_in}/access")
    assert len([one for one in statements if one.lstrip().upper().startswith("SELECT")]) <= 11
    seen = len(page.select("tbody tr"))
    while page.select_one("nav.pager a[rel=next]"):
        page = site.open(page.select_one("nav.pager a[rel=next]")["href"])
        seen += len(page.select("tbody tr"))
    assert seen == 60


@pytest.mark.once
def test_entries_are_found_by_an_index(session, database, person, now):
    from app.domain.oversight.own_log.of_many import OF_EXTRACTS, OF_LISTS, OfMany
    from app.domain.oversight.own_log.openings import _entries

    of_many = [OfMany(OF_LISTS, {person.id: ""}, now), OfMany(OF_EXTRACTS, {person.id: "D"})]
    query = _entries([person.id], None, of_many).limit(26)
    text = str(query.compile(database.engine, compile_kwargs={"literal_binds": True}))
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
    assert "ix_audit_entry_subject_id_at" in " ".join(str(row) for row in plan)


def test_reminders_are_turned_off_and_on_with_one_press(site, session, person, signed_in):
    page = site.open(f"{signed_in}/reminders")
    assert "They go to maria@example.net" in text_of(page)
    page = site.submit(page, "form[action$=switch]", press="Turn reminders off")
    assert "Reminders are off" in text_of(page)
    page = site.submit(page, "form[action$=switch]", press="Turn reminders on")
    assert "Reminders are on" in text_of(page)
    assert session.query(ReminderStop).one().resumed_at is not None


def test_the_page_says_when_no_reminder_can_come(site, session, person, signed_in):
    person.answers = {"contact_way": "none"}
    session.commit()
    assert "Do not contact me" in text_of(site.open(f"{signed_in}/reminders"))
    person.answers, person.email, person.email_folded = None, None, None
    session.commit()
    assert "no confirmed e-mail address" in text_of(site.open(f"{signed_in}/reminders"))


def test_the_language_of_mails_is_chosen(site, session, person, signed_in):
    site.submit(site.open(f"{signed_in}/reminders"), "#language-of-mails", language="es")
    assert session.get_one(Recipient, person.id).language == "es"
    page = site.open(f"{signed_in}/reminders")
    site.submit(page, "#language-of-mails", expect=422, language="xx")


def test_the_link_in_a_reminder_changes_nothing_until_its_button_is_pressed(site, session, person):
    link = f"/recipient/reminders/stop/{stop_token(person.id)}"
    page = site.anonymous().open(link)
    assert session.query(ReminderStop).count() == 0
    page = site.submit(page, "#stop")
    assert "You get no more reminders" in text_of(page)
    assert session.query(ReminderStop).one().how == "mail"
    assert person.first_name not in page.text


def test_mail_programs_stop_reminders_without_having_opened_a_page(site, session, person):
    link = f"/recipient/reminders/stop/{stop_token(person.id)}"
    for _ in range(2):
        site.anonymous().open(link, method="POST", data={"List-Unsubscribe": "One-Click"})
    assert session.query(ReminderStop).count() == 1


@pytest.mark.parametrize("token", ["x", "gAAAAA", "a" * 200])
def test_a_link_that_was_cut_or_made_up_stops_nothing(site, session, person, token):
    site.anonymous().open(f"/recipient/reminders/stop/{token}", expect=404)
    site.anonymous().open(f"/recipient/reminders/stop/{token}", method="POST", expect=404)
    assert session.query(ReminderStop).count() == 0


def test_when_something_is_wrong_the_page_says_what_to_do(site, session, person, signed_in):
    told = text_of(site.open(f"{signed_in}/something-is-wrong"))
    for fact in (person.code, "(877) 555-0143", "Correct my answers"):
        assert fact in told
