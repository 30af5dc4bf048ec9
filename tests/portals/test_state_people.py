"""Staff of the state find anybody, look at pairs side by side, join records detail by detail, and separate them again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.accounts.access import Role
from app.domain.accounts.models import Grant
from app.domain.recipients.closing.close_record import CloseRecord, close_record
from app.domain.recipients.finding.name_words import keep_name_words
from app.domain.recipients.merging.look_for_pairs import look_for_pairs
from app.domain.recipients.merging.models import ClosePair, Merge
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.history import doses_of
from app.domain.vaccinations.models import Administration, Proof
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot
from tests.make.merging import STAFF, joined
from tests.make.providers import location
from tests.make.vaccinations import dose, someone

TODAY = date(2021, 3, 10)
FIRST = datetime(2021, 2, 1, 15, tzinfo=UTC)


@pytest.fixture
def staff(session, now):
    return make.account(session, Role.STATE_STAFF, realm="state")


@pytest.fixture
def maria(session, now):
    return known(session, first_name="Maria", last_name="Garcia-Lopez", phone="9195550142", city="Chapel Hill", zip="27514")


def known(session, **told):
    made = someone(session, **told)
    keep_name_words(session, made)
    session.commit()
    return made


def search(site, text):
    page = site.submit(site.open("/state/people"), "form.search", name=text)
    return [row.a.text for row in page.select("#people tbody tr")]


@pytest.mark.parametrize(
    "text",
    [
        *("garcia", "Lopez", "lopez maria", "MARIA garcia lopez", "gar ma", "maria", "garcia chapel hill", "lopez 1950"),
        *("maria 4/28/1950", "1950-04-28 lópez", "919-555-0142", "(919) 555-01", "garcia 0142", "garcia 27514"),
        *("lopez 1950 27514", "lopez 27514-1234"),
    ],
)
def test_somebody_is_found_by_whatever_they_tell(site, session, staff, maria, text):
    known(session, first_name="John", last_name="Smith", birth_date=date(1960, 1, 1), phone="3365550100", city="Boone")
    site.sign_in(staff)
    assert search(site, text) == ["Maria Garcia-Lopez"]
    assert "aria" not in site.url
    assert maria.full_name not in site.url


def test_somebody_is_found_by_code_address_and_user_name_and_by_a_name_of_a_joined_record(site, session, staff, maria):
    other = known(session, first_name="Mary", last_name="Maidenname", email="mary@example.org")
    make.person(session, other.id, name="mlopez.1950")
    joined(session, maria, other)
    site.sign_in(staff)
    for text in (maria.code, "mary@example.org", "mlopez.1950", other.code.lower(), "maidenname"):
        assert search(site, text) == ["Maria Garcia-Lopez"], text
    assert search(site, "nobody of that name") == []
    assert search(site, "%_*' OR 1=1") == []


def test_who_looked_for_whom_is_logged_without_what_was_typed(site, session, staff, maria):
    site.sign_in(staff)
    search(site, "maria 1950-04-28")
    site.open(f"/state/people/{maria.id}")
    told = {entry.act: entry for entry in session.scalars(select(AuditEntry).where(AuditEntry.actor_id == staff.id))}
    assert told["people.searched"].facts == {"by": ["name", "birth date"], "shown": [str(maria.id)]}
    assert told["recipient.opened"].subject_id == maria.id


def test_many_of_one_name_are_paged_and_each_is_shown_once(site, session, staff, now):
    for number in range(30):
        known(session, first_name=f"Ann{chr(97 + number % 26)}", last_name="Smith" if number % 3 else "Ann-Smith")
    site.sign_in(staff)
    seen = search(site, "smith")
    page = site.open(site.url)
    following = page.select_one("a[rel=next]") or next(link for link in page.select("#people a") if "after=" in link["href"])
    seen += [row.a.text for row in site.open(following["href"]).select("#people tbody tr")]
    assert len(seen) == 30


def test_somebody_with_two_words_that_fit_takes_nobody_from_the_pages(site, session, staff, now):
    for number in range(30):
        name = f"Berg Mara{chr(97 + number % 26)}{chr(97 + number // 26)}"
        known(session, first_name="Eva" if number else "Eva Mara", last_name=name)
    site.sign_in(staff)
    seen = set(search(site, "mar"))
    for link in site.open(site.url).select("#people a"):
        if "after=" in link["href"]:
            seen |= {row.a.text for row in site.open(link["href"]).select("#people tbody tr")}
    assert len(seen) == 30


def look(database, session, **told):
    session.commit()
    return look_for_pairs(database, today=TODAY, now=told.get("now") or datetime.now(UTC), settled=timedelta(0))


@pytest.fixture
def alike(session, maria):
    return known(session, first_name="Maria", last_name="Lopez", phone="9195550142", zip="27514", email="m@example.org")


@pytest.fixture
def pair(session, database, alike):
    look(database, session, now=datetime.now(UTC) + timedelta(days=3650))
    return session.scalars(select(ClosePair)).one()


def test_a_pair_stands_side_by_side_with_its_reasons(site, session, staff, pair):
    site.sign_in(staff)
    page = site.open("/state/people/pairs")
    assert "One pair waits." in text_of(page)
    assert "same: first name, date of birth, phone, ZIP code; nearly the same: last name" in text_of(page)
    page = site.open(page.select_one(".queue a")["href"])
    told = {row.th.text: [cell.text.strip() for cell in row.select("td")] for row in page.select("main tbody tr")}
    assert told["Last name"] == ["Garcia-Lopez", "Lopez", "Nearly the same"]
    assert told["E-mail"][2] == "Known on one side only"


def test_two_people_are_not_asked_about_again_unless_their_details_change(site, session, database, staff, pair, alike):
    site.sign_in(staff)
    page = site.open(f"/state/people/pairs/{pair.id}")
    site.submit(page, "form:has(button[value=other])", press="Two people")
    alike.version += 1
    session.commit()
    assert "Nothing waits" in text_of(site.open("/state/people/pairs"))
    far = datetime.now(UTC) + timedelta(days=3650)
    change(session, alike, language="es")
    assert look(database, session, now=far)[0] == 1
    assert "Nothing waits" in text_of(site.open("/state/people/pairs"))
    change(session, alike, street="1 Main Street", email="maria@example.org")
    change(session, session.get_one(Recipient, pair.left_id), email="maria@example.org")
    look(database, session, now=far)
    assert "One pair waits." in text_of(site.open("/state/people/pairs"))


def change(session, record, **values):
    from app.domain.recipients.events import answers_kept
    from app.domain.recipients.merging.fields import write

    if "email" in values:
        values["email_folded"] = values["email"]
    write(session, record, values)
    answers_kept(session, record.id, today=TODAY, now=datetime.now(UTC))
    session.commit()


def test_later_is_in_a_week(site, session, staff, pair):
    site.sign_in(staff)
    page = site.open(f"/state/people/pairs/{pair.id}")
    assert "comes back in a week" in text_of(site.submit(page, "form:has(button[value=later])", press="Later"))
    assert "Nothing waits" in text_of(site.open("/state/people/pairs"))
    session.expire_all()
    assert (pair.decision, pair.not_before) == ("", TODAY + timedelta(days=7))


@pytest.fixture
def twofold(session, maria, alike):
    """Both with an account and the same dose, and one dose more on one side."""
    clinic, other = location(session, "Eastside Clinic"), location(session, "Westside Clinic")
    for at, person in ((clinic, maria), (other, alike)):
        make.person(session, person.id)
        dose(session, at, person, lot(session, at), given_at=FIRST)
    dose(session, other, alike, lot(session, other), given_at=FIRST + timedelta(days=21))
    session.add(
        Proof(code="0" * 26, recipient_id=maria.id, facts={}, facts_hash="old", storage_key="none", issued_at=FIRST)
    )
    session.commit()
    return maria, alike


def join_form_of(page):
    return "main form[method=post]:has([name=versions])"


def test_records_are_joined_detail_by_detail_and_everything_follows(site, session, staff, twofold):
    maria, alike = twofold
    site.sign_in(staff)
    page = site.open(f"/state/people/{alike.id}/join/{maria.id}")
    missing = site.submit(page, join_form_of(page), expect=422)
    assert "Choose one" in text_of(missing, ".usa-form-group--error")
    question = next(one["name"] for one in page.select("input[type=radio]") if one["name"].startswith("dose_"))
    page = site.submit(
        page, join_form_of(page), choice_last_name="other", account="other", sure="y", **{question: "other"}
    )
    assert "Joined: the record of Maria Lopez holds what both held." in text_of(page)
    session.expire_all()
    assert alike.merged_into_id == maria.id
    assert (maria.last_name, maria.email, maria.phone) == ("Lopez", "m@example.org", "9195550142")
    assert [one.number for one in doses_of(session, maria.id)] == [1, 2]
    assert session.scalar(select(func.count()).where(Administration.status == "entered-in-error")) == 1
    live = session.scalars(select(Grant.scope_id).where(Grant.role == "recipient", Grant.ended_at.is_(None))).all()
    assert live == [alike.id]
    assert session.scalars(select(Proof)).first().revoked_at is not None
    assert search(site, "garcia") == []
    again = site.open(f"/state/people/{maria.id}/join/{alike.id}")
    assert "of one person already" in text_of(again)


def test_the_account_of_the_joined_record_opens_the_kept_one(site, session, twofold):
    maria, alike = twofold
    owner = session.scalars(select(Grant).where(Grant.scope_id == alike.id)).one().account_id
    joined(session, maria, alike, account="other")
    from app.domain.accounts.models import Account

    site.sign_in(session.get_one(Account, owner))
    page = site.open(f"/recipient/{alike.id}")
    assert "Maria" in text_of(page)
    assert len(doses_of(session, maria.id)) == 3


def test_a_mail_names_the_kept_record_and_leads_the_owner_of_the_other_account_to_it(site, session, twofold):
    maria, alike = twofold
    owner = session.scalars(select(Grant).where(Grant.scope_id == alike.id)).one().account_id
    joined(session, maria, alike, account="other")
    from app.domain.accounts.models import Account

    site.sign_in(session.get_one(Account, owner))
    for page in ("", "/proof", "/registration/name"):
        site.open(f"/recipient/{maria.id}{page}")
        assert site.url.endswith(f"/recipient/{alike.id}{page}")
    stranger = someone(session)
    session.commit()
    site.open(f"/recipient/{stranger.id}", expect=404)


def test_joining_is_undone_with_a_reason(site, session, staff, twofold):
    maria, alike = twofold
    merge = joined(session, maria, alike, chosen={"last_name": "other"}, account="kept")
    site.sign_in(staff)
    page = site.open(f"/state/people/{maria.id}")
    page = site.open(page.find("a", string="They are two people: undo")["href"])
    assert "Say why" in text_of(site.submit(page, expect=422), ".usa-form-group--error")
    page = site.submit(page, because="Mother and daughter")
    assert "They are two people again" in text_of(page)
    assert "Mother and daughter" in text_of(page)
    session.expire_all()
    assert (maria.last_name, alike.merged_into_id) == ("Garcia-Lopez", None)
    assert session.get_one(Merge, merge.id).undone_by_id == staff.id
    assert session.scalar(select(func.count()).where(Grant.role == "recipient", Grant.ended_at.is_(None))) == 2
    assert [len(doses_of(session, one.id)) for one in twofold] == [1, 2]
    assert "undone already" in text_of(site.open(f"/state/people/joined/{merge.id}/undo"))
    assert "Undone" in text_of(site.open("/state/people/joined"))


def test_a_death_on_one_side_is_asked_about(site, session, staff, maria, alike, now):
    close_record(session, STAFF, CloseRecord(alike.id, TODAY), now=now, today=TODAY)
    session.commit()
    site.sign_in(staff)
    page = site.open(f"/state/people/{maria.id}/join/{alike.id}")
    site.submit(page, join_form_of(page), choice_last_name="kept", sure="y", died="yes")
    assert "Died on" in text_of(site.open(f"/state/people/{maria.id}"))


def test_a_page_that_is_older_than_the_record_changes_nothing(site, session, staff, maria, alike):
    site.sign_in(staff)
    page = site.open(f"/state/people/{maria.id}/join/{alike.id}")
    change(session, alike, last_name="Lopes")
    page = site.submit(page, join_form_of(page), choice_last_name="kept", sure="y")
    assert "changed while you were looking" in text_of(page)
    session.expire_all()
    assert alike.merged_into_id is None


def test_the_pages_about_a_person_tell_where_they_are_known(site, session, staff, twofold):
    maria, alike = twofold
    joined(session, maria, alike, account="kept")
    site.sign_in(staff)
    told = text_of(site.open(f"/state/people/{maria.id}/history"))
    assert "Eastside Clinic" in told
    assert "Westside Clinic" in told
    ways = text_of(site.open(f"/state/people/{maria.id}/ways-in"))
    assert ways.count("Opens the record") == 1
    assert "Ended on" in ways


def test_who_reads_the_access_log_goes_there_from_the_record(site, session, staff, maria, now):
    url = f"/state/people/{maria.id}"
    assert not site.sign_in(staff).open(url).find("a", string="Who opened this record")
    page = site.sign_in(make.administrator(session)).open(url)
    log = site.open(page.find("a", string="Who opened this record")["href"])
    assert "Opened a record" in text_of(log, "tbody")


def test_only_staff_of_the_state_find_and_join_people(site, session, maria, alike, now):
    clinic = location(session, "Eastside Clinic")
    for account in (make.manager(session, clinic), make.person(session, maria.id)):
        site.sign_in(account)
        for url in ("/state/people", f"/state/people/{maria.id}", "/state/people/pairs", f"/state/people/{maria.id}/join/{alike.id}"):
            site.open(url, expect=404)
    site.sign_in(make.account(session, Role.STATE_VIEWER, realm="state"))
    site.open("/state/people", expect=403)
