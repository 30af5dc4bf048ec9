"""The access log, searched by person, user, period and kind, and taken along; each search is in it too."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, select, text

from app import factory
from app.domain.accounts.access import Role
from app.domain.oversight.access_log import Asked, acts_there_are, export_log, search_log
from app.domain.oversight.acts import KINDS, kind_of
from app.domain.recipients.models import Recipient
from app.infra import audit
from app.infra.audit import AuditEntry
from app.portals.state.access_log import wording
from tests import make
from tests.browserless import text_of
from tests.make.vaccinations import someone

URL = "/state/access-log"


@pytest.fixture
def clinic(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def rosa(session, clinic):
    return someone(session, clinic, first_name="Rosa", last_name="Diaz")


@pytest.fixture
def nurse(session, clinic):
    return make.healthcare_provider(session, clinic, first_name="Nora", last_name="Nolan", name="nnolan")


@pytest.fixture
def officer(session, clinic):
    return make.account(session, Role.PRIVACY_OFFICER, realm="state", first_name="Pia", last_name="Officer")


def acted(session, who, act, about, at, *, kind="recipient", place=None):
    audit.record(
        session, actor_kind="person", actor_id=who.id, act=act, subject_kind=kind, subject_id=about.id, now=at,
        place_id=place.id if place else None,
    )  # fmt: skip
    session.commit()


@pytest.fixture
def entries(session, rosa, nurse, officer, clinic, now):
    """What the nurse did with Rosa over three days, and what happened to somebody else."""
    other = someone(session, clinic, last_name="Other")
    acted(session, nurse, "recipient.opened", rosa, now - timedelta(days=2), place=clinic)
    acted(session, nurse, "recipient.checked_in", rosa, now - timedelta(days=1), place=clinic)
    acted(session, nurse, "recipient.opened", other, now - timedelta(hours=2), place=clinic)
    acted(session, officer, "recipient.found", rosa, now - timedelta(hours=1))
    return other


def lines(page):
    return [" ".join(row.get_text(" ").split()) for row in page.select("#log tbody tr")]


def test_it_is_searched_by_the_code_of_a_record_in_plain_words(site, rosa, officer, entries):
    site.sign_in(officer)
    page = site.submit(site.open(URL), "#search", person=f" {rosa.code.lower()} ")
    assert lines(page) == [
        f"Mar 10, 2021, 9:00 AM Pia Officer Found a record in a search Record {rosa.code} –",
        f"Mar 9, 2021, 10:00 AM Nora Nolan Checked somebody in Record {rosa.code} Eastside Clinic",
        f"Mar 8, 2021, 10:00 AM Nora Nolan Opened a record Record {rosa.code} Eastside Clinic",
    ]
    assert rosa.code not in site.url
    assert "Rosa" not in text_of(page)


def test_a_joined_record_is_the_same_person(site, session, rosa, nurse, officer, clinic, now):
    twin = someone(session, clinic, first_name="Roza", last_name="Diaz")
    acted(session, nurse, "recipient.opened", twin, now)
    session.get_one(Recipient, twin.id).merged_into_id = rosa.id
    session.commit()
    page = site.submit(site.sign_in(officer).open(URL), "#search", person=twin.code)
    assert any("Opened a record" in line for line in lines(page))


def test_it_is_searched_by_user_by_day_and_by_kind(site, rosa, nurse, officer, entries):
    site.sign_in(officer)
    found = lines(site.submit(site.open(URL), "#search", user="NNolan"))
    assert len(found) == 3
    assert all("Nora Nolan" in line for line in found)
    day = {f"{end}__{part}": value for end in ("first", "last") for part, value in (("month", "3"), ("day", "9"), ("year", "2021"))}
    assert len(lines(site.submit(site.open(URL), "#search", user="nnolan", **day))) == 1
    assert len(lines(site.submit(site.open(URL), "#search", user="nnolan", kind="looked"))) == 2
    found = lines(site.submit(site.open(URL), "#search", kind="doses"))
    assert [line.split(" AM ")[1] for line in found] == [f"Nora Nolan Checked somebody in Record {rosa.code} Eastside Clinic"]


def test_who_is_not_there_is_said_beside_the_field(site, session, officer, clinic):
    for name in ("one", "two"):
        make.healthcare_provider(session, clinic, name=name, email="family@example.org")
    page = site.sign_in(officer).open(URL)
    assert "No record has this code" in text_of(site.submit(page, "#search", expect=422, person="ZZZ"))
    assert "Nobody has exactly" in text_of(site.submit(page, "#search", expect=422, user="nobody"))
    assert "Several users" in text_of(site.submit(page, "#search", expect=422, user="family@example.org"))


def test_rubbish_in_the_address_narrows_nothing(site, officer, entries):
    site.sign_in(officer).open(f"{URL}?person=x&user=1&kind=y&first=z&last=99999-01-01&after=rubbish")
    assert lines(site.open(URL))


def test_each_search_and_export_is_in_the_log(site, session, rosa, officer, entries):
    site.sign_in(officer).open(f"{URL}?person={rosa.id}")
    site.get(f"{URL}.csv?person={rosa.id}")
    session.rollback()
    found = session.execute(select(AuditEntry.act, AuditEntry.subject_id, AuditEntry.actor_id).order_by(AuditEntry.id.desc()).limit(2))
    assert found.all() == [("access_log.exported", rosa.id, officer.id), ("access_log.searched", rosa.id, officer.id)]


def test_it_is_taken_along_in_words(site, rosa, nurse, officer, entries):
    site.sign_in(officer)
    page = site.submit(site.open(URL), "#search", user="nnolan")
    urls = {link.text.split()[0]: link["href"] for link in page.select("#log .cluster a")}
    rows = list(csv.reader(io.StringIO(site.get(urls["CSV"]).data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["When", "Who", "What"]
    assert [row[2] for row in rows[1:]] == ["Opened a record", "Checked somebody in", "Opened a record"]
    sheet = load_workbook(io.BytesIO(site.get(urls["Excel"]).data)).active
    assert sheet.max_row == 4


def test_a_long_export_comes_in_pieces_and_misses_nothing(session, database, nurse, officer, rosa, now):
    session.add_all(
        AuditEntry(
            at=now - timedelta(seconds=number // 3), actor_kind="person", actor_id=nurse.id, act="recipient.opened",
            subject_kind="recipient", subject_id=rosa.id, facts={},
        )
        for number in range(4_500)
    )  # fmt: skip
    session.commit()
    actor = make.actor(session, officer)
    session.rollback()
    found = [line.id for line in export_log(database, actor, Asked(user_id=nurse.id), now=now + timedelta(seconds=1))]
    assert len(found) == len(set(found)) == 4_500


def test_a_page_costs_as_many_queries_whatever_it_holds(session, database, rosa, nurse, officer, entries, now):
    actor, counts = make.actor(session, officer), []

    def count(*_args):
        counts[-1] += 1

    event.listen(database.engine, "after_cursor_execute", count)
    for size in (1, 4):
        counts.append(0)
        search_log(session, actor, Asked(person_id=rosa.id), size=size)
    counts.append(0)
    search_log(session, actor, Asked(kind="looked"), size=4)
    event.remove(database.engine, "after_cursor_execute", count)
    assert counts[0] == counts[1] <= 6
    assert counts[2] <= 7


@pytest.mark.parametrize(
    "asked", ["subject_id = :id", "actor_id = :id", "act = 'recipient.opened'", "at < '2021-03-10 00:00:00'"]
)
def test_every_search_runs_along_an_index(session, database, rosa, entries, asked):
    query = f"SELECT id FROM audit_entry WHERE {asked} ORDER BY at DESC, id DESC LIMIT 51"
    if not database.is_sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    id_ = rosa.id.hex if database.is_sqlite else rosa.id
    plan = "\n".join(str(row) for row in session.execute(text(explain + query), {"id": id_} if ":id" in asked else {}))
    assert "ix_audit_entry_" in plan


def test_the_log_knows_its_acts(session, entries):
    assert acts_there_are(session) == ["recipient.checked_in", "recipient.found", "recipient.opened"]


@pytest.mark.once
def test_every_act_in_the_code_has_words_and_a_kind():
    code = "".join(path.read_text() for path in (Path(factory.__file__).parent / "domain").rglob("*.py"))
    code += "".join(path.read_text() for path in (Path(factory.__file__).parent / "portals").rglob("*.py"))
    acts = set(re.findall(r'(?:act=f?|note_read\(|_(?:record|note|audit)\([^()"]*)\s*"([a-z_]+\.[a-z_{}]+)"', code))
    assert "recipient.opened" in acts
    assert {act for act in acts if wording.what(act) == "Did something else"} == set()
    assert {act for act in acts if kind_of(act) == "other"} == set()
    assert set(wording.KINDS) == set(KINDS)


def test_the_log_is_for_those_who_watch(site, session, rosa, nurse, clinic):
    for role in (Role.STATE_STAFF, Role.STATE_VIEWER):
        site.sign_in(make.account(session, role, realm="state")).open(URL, expect=403)
        site.open(f"{URL}.csv", expect=403)
    site.sign_in(nurse).open(URL, expect=404)
    site.sign_in(make.administrator(session)).open(URL)
