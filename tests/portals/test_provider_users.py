"""The page Users: add one, add from another location, change, deactivate, invite again, many by workbook."""

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, select

from app.domain.accounts import sessions
from app.domain.accounts.models import Account, Invitation
from app.domain.providers.grant_user import MISSES
from app.infra.kept_mail import KeptMail
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import text_of
from tests.files.workbooks import csv_file, saved, xlsx
from tests.make.accounts import PASSWORD

HELEN = {
    "first_name": "Helen", "last_name": "Provo", "email": "helen@clinic.example", "ncid": "hprovo",
    "profile": "healthcare_provider",
}  # fmt: skip
HEADINGS = ("First Name", "Last Name", "Business Email", "NCID Username", "Profile")


@pytest.fixture
def place(session, now):
    return make.location(session, "Eastside Clinic")


@pytest.fixture
def boss(session, place):
    return make.manager(session, place, first_name="Mo", last_name="Miller", name="mmiller")


@pytest.fixture
def base(site, place, boss):
    """The address of the page; the Location Manager is signed in."""
    site.sign_in(boss)
    return f"/provider/{place.id}/users"


def rows(page):
    return [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]


def mails(session, database, settings):
    session.rollback()
    deliver_due(database, settings)
    return {mail.to: mail for mail in session.scalars(select(KeptMail))}


def test_it_stands_under_more_for_managers_only(site, session, place, base):
    page = site.open(f"/provider/{place.id}/clinic")
    assert "Users" in [link.text.strip() for link in page.select("header nav a")]
    site.sign_in(make.healthcare_provider(session, place))
    assert "Users" not in text_of(site.open(f"/provider/{place.id}/clinic"), "header")
    site.open(base, expect=403)


def test_the_list_says_who_works_here_and_how_far_they_have_come(site, session, place, base, now):
    nurse = make.healthcare_provider(session, place, last_name="Nolan", name="nnolan", email="n@clinic.example")
    sessions.start_session(session, nurse.id, device="x", now=now - timedelta(days=1))
    session.commit()
    site.submit(site.open(f"{base}/new"), **HELEN)
    assert rows(site.open(base)) == [
        f"Mo Miller {session.get_one(Account, site_account(session)).email} mmiller Healthcare Location Manager "
        "Signed in Mar 10, 2021, 10:00 AM",
        "Ann Nolan n@clinic.example nnolan Healthcare Provider Signed in Mar 9, 2021, 10:00 AM",
        "Helen Provo helen@clinic.example hprovo Healthcare Provider Invitation pending –",
    ]


def site_account(session):
    return session.scalars(select(Account.id).where(Account.last_name == "Miller")).one()


def test_a_new_user_gets_a_mail_follows_it_and_works(site, session, database, settings, place, base):
    page = site.submit(site.open(f"{base}/new"), **HELEN)
    assert "The invitation is on its way to helen@clinic.example" in text_of(page)
    told = mails(session, database, settings)["helen@clinic.example"].text
    assert "Eastside Clinic, as Healthcare Provider" in told
    assert "NCID user name: hprovo" in told
    link = re.search(r"http://cvms.test(\S+invitations\S+)", told)[1]
    page = site.anonymous().open(link)
    page = site.submit(page, "main form[method=post]", password=PASSWORD, again=PASSWORD)
    assert "Your user name is hprovo" in text_of(page, "body")
    assert "Clinic day" in page.h1.text


def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(site, base):
    page = site.submit(site.open(f"{base}/new"), expect=422, **{**HELEN, "last_name": "R2D2", "ncid": "a b"})
    assert "letters, no digits" in text_of(page, "#last_name-error")
    assert "no spaces" in text_of(page, "#ncid-error")
    assert page.select_one("#first_name")["value"] == "Helen"
    page = site.submit(site.open(f"{base}/new"), expect=422)
    assert "Enter the NCID user name" in text_of(page, "#ncid-error")


def test_a_user_of_another_location_is_looked_at_and_given_this_one(site, session, database, settings, place, base):
    other = make.location(session, "Westside Clinic")
    make.healthcare_provider(session, other, name="hprovo", first_name="Helen", last_name="Provo", email="h@x.example")
    page = site.submit(site.open(f"{base}/grant"), expect=422, who="H@X.example", profile="healthcare_provider")
    assert "Is this the right person? Name Helen Provo NCID user name hprovo" in text_of(page)
    assert "Eastside Clinic" not in text_of(page, "main")
    page = site.submit(page, press="Yes")
    assert "Helen Provo can work here now" in text_of(page, "body")
    assert len(rows(page)) == 2
    told = mails(session, database, settings)["h@x.example"]
    assert told.subject == "You have access to another location in CVMS"
    assert "Eastside Clinic" in told.text
    page = site.submit(site.open(f"{base}/grant"), expect=422, who="hprovo", profile="healthcare_provider")
    assert "a user of this location already" in text_of(page, "#who-error")


def test_people_cannot_be_guessed(site, base):
    for _try in range(MISSES):
        page = site.submit(site.open(f"{base}/grant"), expect=422, who="nobody", profile="healthcare_provider")
        assert "No user has exactly this" in text_of(page, "#who-error")
    page = site.submit(site.open(f"{base}/grant"), expect=422, who="nobody", profile="healthcare_provider")
    assert "wait fifteen minutes" in text_of(page)


def test_a_user_is_changed_deactivated_and_given_access_again(site, session, place, base):
    nurse = make.healthcare_provider(session, place, last_name="Nolan")
    page = site.open(f"{base}/{nurse.id}")
    page = site.submit(page, "#change", profile="location_manager")
    assert "Profile Healthcare Location Manager" in text_of(page)
    browser = site.client
    site.sign_in(nurse).open(f"/provider/{place.id}/inventory")
    theirs, site.client = site.client, browser
    page = site.submit(site.open(f"{base}/{nurse.id}/deactivate"), "#deactivate")
    assert "Ann Nolan can no longer work here" in text_of(page, "body")
    assert len(rows(page)) == 1
    assert theirs.get(f"/provider/{place.id}/clinic").status_code in {303, 401}
    page = site.open(f"{base}?show=deactivated")
    assert "Ann Nolan" in rows(page)[0]
    assert "Deactivated" in rows(page)[0]
    page = site.submit(site.open(page.select_one("tbody a")["href"]), "#change", profile="healthcare_provider")
    assert len(rows(site.open(base))) == 2


def test_one_cannot_deactivate_oneself(site, boss, base):
    page = site.open(f"{base}/{boss.id}")
    assert "This is you" in text_of(page)
    assert not page.select("#change")
    page = site.submit(site.open(f"{base}/{boss.id}/deactivate"), "#deactivate", expect=422)
    assert "You cannot do this to yourself" in text_of(page)


def test_the_invitation_goes_out_again_to_the_right_address(site, session, database, settings, base):
    site.submit(site.open(f"{base}/new"), **HELEN)
    offer = session.scalars(select(Invitation)).one()
    mails(session, database, settings)
    page = site.open(f"{base}/{offer.id}/invitation")
    assert page.select_one("#email")["value"] == "helen@clinic.example"
    page = site.submit(page, "#resend", expect=422, email="nowhere")
    assert "one e-mail address" in text_of(page, "#email-error")
    page = site.submit(page, "#resend", email="h.provo@clinic.example")
    assert "on its way to h.provo@clinic.example" in text_of(page, "body")
    assert "hprovo" in mails(session, database, settings)["h.provo@clinic.example"].text


def upload(site, base, data, **how):
    return site.submit(site.open(f"{base}/workbook"), "form[enctype]", file=(io.BytesIO(data), "users.xlsx"), **how)


def test_many_users_come_by_workbook_and_bad_rows_go_back(site, session, database, settings, base):
    good = [("Ann", f"Lee{chr(97 + n)}", f"a{n}@x.example", f"alee{n}", "Healthcare Provider") for n in range(3)]
    bad = ("Omar", "Haddad", "omar@", "o haddad", "Healthcare Location Manager")
    page = upload(site, base, xlsx([HEADINGS, *good, bad], sheet="HCP Users"))
    assert "3 rows were carried out." in text_of(page)
    assert "C5 Omar Haddad Business Email omar@ Write one e-mail address" in text_of(page)
    assert "D5 Omar Haddad NCID Username o haddad An NCID user name has letters" in text_of(page)
    assert len(mails(session, database, settings)) == 3
    book = load_workbook(io.BytesIO(site.get(f"{base}/workbook/rows-to-mend.xlsx").data))
    sheet = book["HCP Users"]
    sheet["D2"], sheet["E2"] = "omar@x.example", "ohaddad"
    page = upload(site, base, saved(book))
    assert "1 row was carried out." in text_of(page, "body")
    assert len(rows(page)) == 5
    page = upload(site, base, xlsx([HEADINGS, *good], sheet="HCP Users"))
    assert "0 rows were carried out. 3 were so already." in text_of(page, "body")
    site.get(f"{base}/workbook/rows-to-mend.xlsx", expect=404)


def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(site, base):
    page = upload(site, base, csv_file([("Who", "What"), ("a", "b")]), expect=422)
    assert "Download the template" in text_of(page, ".usa-form-group--error")


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_template_is_downloaded(site, base, ending):
    answer = site.get(f"{base}/workbook/template.{ending}")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data[:3] in {b"PK\x03", b"\xef\xbb\xbf"}


def test_a_long_list_is_paged_and_asks_the_database_as_often_as_a_short_one(site, session, database, place, base):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    make.healthcare_provider(session, place)
    site.submit(site.open(f"{base}/new"), **HELEN)
    asked.clear()
    site.open(base)
    few = len(asked)
    for number in range(60):
        make.healthcare_provider(session, place, last_name=f"Nolan {number}")
    asked.clear()
    page = site.open(base)
    assert len(asked) <= few <= 13
    assert len(rows(page)) == 50
    assert len(rows(site.open(page.select_one("a[rel=next]")["href"]))) == 13


def test_hostile_names_are_only_text(site, base):
    page = site.submit(site.open(f"{base}/new"), expect=422, **{**HELEN, "first_name": "<script>alert(1)</script>"})
    assert not page.select("main script")
    site.submit(site.open(f"{base}/new"), expect=422, **{**HELEN, "profile": "state_administrator"})
