"""HCP User Onboarding: every mistake of every row in one pass, good rows taken, mended rows sent again."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, func, select

from app.documents.workbooks.users import users_template, users_template_csv, users_to_mend
from app.domain.accounts.access import Role, system
from app.domain.accounts.models import Invitation
from app.domain.errors import NotFound
from app.domain.providers.import_users import ImportUsers, import_users
from app.domain.providers.user_rows import EXAMPLE, MOST_ROWS, read_users
from app.domain.providers.users import list_users
from app.infra.outbox import OutboxMessage
from app.infra.spreadsheet import UnreadableFile
from tests import make
from tests.files.workbooks import csv_file, saved, xlsx
from tests.make.accounts import actor

HEADINGS = ("Provider PIN", "First Name", "Last Name", "Business Email", "NCID Username", "Profile", "Action")
HELEN = ("", "Helen", "Provo", "helen@clinic.example", "hprovo", "Healthcare Provider", "")
OMAR = ("", "Omar", "Haddad", "omar@clinic.example", "ohaddad", "Healthcare Location Manager", "Add")


@pytest.fixture
def place(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def boss(session, place):
    return actor(session, make.manager(session, place, name="mmiller", first_name="Mo", last_name="Miller"))


def take(session, who, place, now, *rows, data=None):
    data = data or xlsx([HEADINGS, *rows], sheet="HCP Users")
    return import_users(session, who, ImportUsers(place.id, read_users(data, filename="x.xlsx")), now=now)


def mistakes(imported):
    return [(one.address, one.message) for row in imported.mistaken for one in row.mistakes]


def names(session, who, place):
    return [one.full_name for one in list_users(session, who, place.id).items]


def test_good_rows_are_taken_and_everybody_gets_one_mail(session, place, boss, now):
    other = make.location(session)
    make.healthcare_provider(session, other, name="known", first_name="Kay", last_name="Known")
    kay = (place.name, "Kay", "Known", "kay@clinic.example", "KNOWN", "HCP", "")
    imported = take(session, boss, place, now, HELEN, OMAR, kay)
    assert imported.fates == {2: "invited", 3: "invited", 4: "granted"}
    assert names(session, boss, place) == ["Omar Haddad", "Kay Known", "Mo Miller", "Helen Provo"]
    kinds = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.kind)).all()
    assert kinds == ["accounts.invited", "accounts.invited", "providers.location_granted"]


def test_every_mistake_of_every_row_names_its_cell(session, place, boss, now):
    other = make.location(session)
    make.healthcare_provider(session, other, name="taken", first_name="Horst", last_name="Held")
    imported = take(
        session, boss, place, now,
        ("999999", "", "R2D2", "helen@", "taken@x.org", "Boss", "Perhaps"),
        ("Elsewhere", "Ann", "Lee", "", "taken", "HCP", "Add"),
        HELEN,
        HELEN,
        ("", "Mo", "Miller", "mo@clinic.example", "mmiller", "HCP", ""),
        ("", "", "", "", "nobody", "", "Deactivate"),
        ("", "", "", "", "mmiller", "", "deactivate"),
    )  # fmt: skip
    assert mistakes(imported) == [
        ("A2", "This row is for another location. Upload it there, or leave this empty."),
        ("B2", "Fill this in."),
        ("C2", "Write the name as it is on official papers: letters, no digits."),
        ("D2", "Write one e-mail address, like name@example.org."),
        ("E2", "Write the NCID user name here, not the e-mail address."),
        ("F2", "Choose Healthcare Location Manager or Healthcare Provider."),
        ("G2", "Choose Add or Deactivate. Left empty it means Add."),
        ("A3", "This row is for another location. Upload it there, or leave this empty."),
        ("D3", "Fill this in."),
        ("E3", "This NCID user name belongs to somebody with another name. Check both."),
        ("E5", "This NCID user name is in row 4 already. Delete one of the two rows."),
        ("F6", "This person is a user of this location already, with the other profile. Change it on the page Users."),
        ("E7", "Nobody with this NCID user name is a user of this location."),
        ("E8", "This NCID user name is in row 6 already. Delete one of the two rows."),
    ]
    assert imported.count("invited") == 1
    assert session.scalar(select(func.count()).select_from(Invitation)) == 1


def test_the_mistakes_come_back_as_a_workbook_that_is_mended_and_sent_again(session, place, boss, now):
    wrong = ("", "Omar", "Haddad", "omar@", "ohaddad", "Healthcare Location Manager", "")
    data = xlsx([HEADINGS, HELEN, wrong], sheet="HCP Users")
    imported = take(session, boss, place, now, data=data)
    book = load_workbook(io.BytesIO(users_to_mend(imported.mistaken)))
    sheet = book["HCP Users"]
    assert [cell.value for cell in sheet[2]][1:6] == list(wrong[1:6])
    assert "D3: Business Email - Write one e-mail address" in sheet["H2"].value
    assert sheet.data_validations.dataValidation
    sheet["D2"] = "omar@clinic.example"
    assert take(session, boss, place, now, data=saved(book)).fates == {2: "invited"}
    assert take(session, boss, place, now, data=saved(book)).fates == {2: "present"}
    again = take(session, boss, place, now, data=data)
    assert (again.fates[2], again.fates[3]) == ("present", "mistaken")
    assert session.scalar(select(func.count()).select_from(Invitation)) == 2
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2


def test_a_row_deactivates_by_the_user_name_alone(session, place, boss, now):
    make.healthcare_provider(session, place, name="nnolan", first_name="Nora", last_name="Nolan")
    take(session, boss, place, now, HELEN)
    gone = [("", "", "", "", name, "", "Deactivate") for name in ("NNOLAN", "hprovo", "mmiller")]
    imported = take(session, boss, place, now, *gone)
    assert imported.fates == {2: "deactivated", 3: "deactivated", 4: "mistaken"}
    assert mistakes(imported) == [("G4", "You cannot do this to yourself. Ask another Location Manager.")]
    assert names(session, boss, place) == ["Mo Miller"]
    assert take(session, boss, place, now, gone[0]).fates == {2: "present"}


def test_somebody_else_may_do_it_for_the_location(session, place, boss, now):
    assert take(session, system("help desk"), place, now, HELEN).fates == {2: "invited"}
    with pytest.raises(NotFound):
        take(session, boss, make.location(session), now, HELEN)


@pytest.mark.parametrize("template", [users_template, users_template_csv])
def test_the_template_without_more_rows_says_so_and_with_rows_is_read(session, place, boss, now, template):
    with pytest.raises(UnreadableFile) as refusal:
        read_users(template(), filename="template")
    assert refusal.value.code == "no_rows"


def test_the_template_offers_the_profiles_and_explains_itself():
    book = load_workbook(io.BytesIO(users_template()))
    sheet = book["HCP Users"]
    assert [cell.value for cell in sheet[1]] == [
        "Provider PIN", "First Name*", "Last Name*", "Business Email*", "NCID Username*", "Profile*", "Action",
    ]  # fmt: skip
    assert [sheet.cell(2, 5).value, sheet.cell(2, 6).value] == [EXAMPLE["ncid"], "Healthcare Provider"]
    ranges = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert ranges == {"F2:F202": "=Lists!$A$2:$A$3", "G2:G202": "=Lists!$B$2:$B$3"}
    assert [cell.value for cell in book["Lists"]["A"]][1:] == ["Healthcare Location Manager", "Healthcare Provider"]
    assert "Instructions" in book.sheetnames


def test_an_older_template_with_other_headings_is_read(session, place, boss, now):
    headings = ("Location Name", "First", "Last", "E-mail", "NCID", "Role", "Phone")
    row = ("eastside clinic", "Helen", "Provo", "helen@clinic.example", "hprovo", "hcp", "9195550100")
    assert take(session, boss, place, now, data=csv_file([headings, row])).fates == {2: "invited"}


def test_more_rows_than_can_be_taken_at_once_are_refused_whole(session):
    rows = [("", "A", "B", f"a{n}@x.org", f"user{n}", "HCP", "") for n in range(MOST_ROWS + 1)]
    with pytest.raises(UnreadableFile) as refusal:
        read_users(csv_file([HEADINGS, *rows]), filename="x.csv")
    assert refusal.value.code == "too_many_rows"


def test_two_hundred_users_are_read_with_a_handful_of_questions(session, database, place, boss, now):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    rows = [("", "Ann", f"Lee{chr(97 + n % 26)}", f"a{n}@x.org", f"user{n}", "HCP", "") for n in range(MOST_ROWS)]
    imported = take(session, boss, place, now, *rows)
    assert imported.count("invited") == MOST_ROWS
    assert sum(statement.startswith("SELECT") for statement in asked) < 15
    found = list_users(session, boss, place.id)
    assert (len(found.items), found.next_after is not None) == (50, True)
    rest = list_users(session, boss, place.id, after=found.next_after, size=500)
    assert len(rest.items) == MOST_ROWS + 1 - 50
    assert {one.role for one in rest.items[:-1]} <= {Role.HEALTHCARE_PROVIDER, Role.LOCATION_MANAGER}
