"""A person takes along everything that is held about them, and nothing about anybody else."""

import io
import json
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.documents.copies.words import COLUMNS, SHEETS
from app.domain.accounts.access import system
from app.domain.accounts.models import Account
from app.domain.inventory.recall import MakeRecall, recall
from app.domain.oversight.own_copy.held import HELD, LEFT_OUT
from app.domain.reporting.cvrs.make_extract import make_extract
from app.domain.vaccinations.list_recipients import RecipientFilter, note_export
from app.domain.vaccinations.recalled_people import tell_people_of_recalls
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import Base
from tests import make
from tests.browserless import text_of
from tests.make import helpdesk
from tests.make.guardians import dependant
from tests.make.inventory import lot
from tests.make.merging import STAFF
from tests.make.vaccinations import ZONE, dose, someone, visit

POINTERS = {"recipient_id", "subject_id", "person_id", "about_id", "dependant_id", "record_id", "account_id"}
TELLS_NOTHING = {
    "id", "version", "merged_into_id", "name_key", "sound_key", "facts_hash", "storage_key", "code_hash", "token_hash", "token",
    "kid", "rid", "password_hash", "password_is_temporary", "sleep_warned_at", "slept_at", "woken_at", "waits_for", "upload_id",
    "changes", "possible_id", "decision", "decided_at", "mistakes", "because", "remark", "undone_because", "ended_because",
    "reviewed_at", "email_folded", "visit_id", "administration_id", "recall_id", "message_id", "scope_kind", "reply_token",
    "case_id", "by_id", "account_id", "assigned_to_id", "team_id", "request_type_id", "priority", "audience", "provider_pin", "is_secondary", "is_public",
    "clock_on", "reminded", "reminded_on", "answered_at", "closed_on", "closed_how", "reopened", "subject_id", "scope_id",
}  # fmt: skip


@pytest.fixture
def person(session, now):
    clinic = make.location(session, "Eastside Clinic")
    made = someone(session, clinic, first_name="Maria", last_name="Lopez", email="maria@example.net")
    dose(session, clinic, made, lot(session, clinic, number="EK5730"))
    return made


@pytest.fixture
def signed_in(site, session, person):
    site.sign_in(make.person(session, person.id, email="maria@example.net"))
    return f"/recipient/{person.id}"


def data_of(site, place):
    return json.loads(site.get(f"{place}/copy/data.json").data)


def test_the_copy_tells_what_is_held_and_names_no_staff(site, session, storage, person, signed_in):
    account = session.scalars(select(Account).where(Account.email == "maria@example.net")).one()
    helpdesk.opened(session, storage, by=account, audience="recipient", description="My name is misspelt")
    others = someone(session, first_name="Vera", last_name="Other")
    told = data_of(site, signed_in)
    assert told["code"] == person.code
    held = told["held"]
    assert held["record"][0]["first_name"] == "Maria"
    assert held["doses"][0]["lot"] == "EK5730"
    assert held["places"][0]["scope"] == "Eastside Clinic"
    assert held["requests"][0]["description"] == "My name is misspelt"
    assert held["account"][0]["email"] == "maria@example.net"
    text = json.dumps(told)
    assert others.last_name not in text
    staff = [one.id for one in session.scalars(select(Account).where(Account.id != account.id))]
    assert [id_ for id_ in (*staff, others.id) if str(id_) in text] == []
    assert "password" not in text


def test_the_workbook_reads_in_the_persons_language_and_the_log_knows(site, session, person, signed_in):
    person.city = "=cmd|' /C calc'!A1"
    session.commit()
    page = site.open(f"{signed_in}/copy")
    assert "Keep the file safe" in text_of(page)
    site.submit(page, "form[action*=language]", press="Español")
    book = load_workbook(io.BytesIO(site.get(f"{signed_in}/copy/workbook.xlsx").data))
    assert book.sheetnames[:3] == ["Sobre esta copia", "Mis respuestas", "Quién abrió mi registro"]
    assert "Dosis" in book.sheetnames
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    said = {cell.value for cell in cells}
    assert {"EK5730", "Deltoides izquierdo", "En el músculo", "Administrada", "Vacunado"} <= said
    assert {"LD", "C28161", "completed", "vaccinated", "walk-in"} & said == set()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "recipient.copy_downloaded")).one()
    assert entry.subject_id == person.id
    assert "Se llevó una copia de todo" in text_of(site.open(f"{signed_in}/access"))


def test_a_guardian_takes_the_childs_data_and_not_their_own(site, session, person, signed_in):
    child = dependant(session, person).dependant_id
    told = data_of(site, f"/recipient/{child}")
    assert "maria@example.net" not in json.dumps(told)
    assert "account" not in told["held"]
    site.open(f"/recipient/{someone(session).id}/copy/data.json", expect=404)


def test_exports_of_a_place_that_knows_the_person_are_among_who_opened_the_record(site, session, person, signed_in, now):
    clinic, other = make.location(session, "Westside Clinic"), make.location(session, "Faraway Clinic")
    boss = make.manager(session, clinic)
    visit(session, clinic, person)
    for place in (clinic, other):
        who = make.actor(session, make.manager(session, place))
        note_export(session, who, place.id, RecipientFilter(), now=clock.now())
    session.commit()
    told = text_of(site.open(f"{signed_in}/access"))
    assert "A clinic: Westside Clinic Took along a list of its people. You may be on it" in told
    assert "Faraway" not in told
    assert boss.last_name not in told


def test_the_copy_holds_the_reports_and_recalls_in_which_the_person_was_one_of_many(
    site, session, database, storage, person, signed_in, now
):
    others = someone(session, last_name="Other", county_fips="37183", state_abbr="NC", zip="27601")
    mine = session.get_one(type(person), person.id)
    mine.county_fips, mine.state_abbr, mine.zip = "37183", "NC", "27601"
    recalled = recall(session, STAFF, MakeRecall("pfizer", "EK5730", "Particles"), now=now)
    session.commit()
    moment = clock.day_bounds(now.date(), ZONE)[1] + timedelta(hours=4)
    make_extract(database, storage, system("test"), now.date(), zone=ZONE, now=moment)
    tell_people_of_recalls(database, now=now)
    opened = [(one["act"], one["detail"], one["who"]) for one in data_of(site, signed_in)["opened"]]
    assert ("report.federal_extract_made", "D", "system") in opened
    assert [act for act, detail, _who in opened if detail == "lot"] == ["recall.made"]
    assert str(recalled.id) not in json.dumps(data_of(site, signed_in))
    page = site.open(f"{signed_in}/copy")
    site.submit(page, "form[action*=language]", press="Español")
    sheet = load_workbook(io.BytesIO(site.get(f"{signed_in}/copy/workbook.xlsx").data))["Quién abrió mi registro"]
    said = {row[2].value for row in sheet.iter_rows()}
    assert "Preparó el informe diario a los CDC. En él está una dosis, sin nombre, calle ni ciudad" in said
    assert any(line.startswith("Retiró un lote") for line in said)
    site.sign_in(make.person(session, others.id))
    acts = {one["act"] for one in data_of(site, f"/recipient/{others.id}")["opened"]}
    assert acts & {"report.federal_extract_made", "recall.made"} == set()


@pytest.mark.once
def test_every_table_that_points_to_a_person_is_told_or_left_out_for_a_reason(app):
    shown = {held.table.__tablename__: held for held in HELD}
    tables = Base.metadata.tables
    pointing = {
        table.name
        for table in tables.values()
        if any(key.column.table.name == "recipient" for key in table.foreign_keys) or POINTERS & {*table.columns.keys()}
    }
    assert pointing - shown.keys() - LEFT_OUT.keys() == set()
    for name, held in shown.items():
        columns = {column.name for column in tables[name].columns}
        inside = {column for column in columns if column.endswith(("_by_id", "_folded"))}
        lost = columns - {*held.told, *held.by} - TELLS_NOTHING - inside
        assert lost == set(), name
        assert {column.removesuffix("_id") for column in held.told} <= COLUMNS.keys()
        assert held.name in SHEETS
