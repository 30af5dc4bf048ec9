"""Nobody fills the disk: how many files one person, or one address of the net, may send in a day."""

import io
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.domain.helpdesk.models import Case
from app.domain.uploads.models import Upload
from tests import make
from tests.browserless import Site, text_of
from tests.domain.test_program_settings import decide
from tests.files.people import COLUMNS, people
from tests.files.workbooks import csv_file
from tests.make import organizations
from tests.security.test_helpdesk import ASKED, FORM


@pytest.fixture
def employer(session, now):
    made = organizations.employer(session)
    decide(session, now, "files_a_day", "10", now.date())
    return made


def upload(site, employer, number, *, expect=200):
    page = site.open(f"/organization/{employer.id}/uploads")
    file = (io.BytesIO(csv_file([COLUMNS, *people(number)])), "people.csv")
    return site.submit(page, "main form[enctype]", file=file, attested="y", attested_name="Jane Doe", expect=expect)


def count(session, model):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


def test_a_contact_who_sent_as_much_as_a_day_allows_reads_when_to_go_on_and_nothing_is_kept(
    app, session, storage, employer, now
):
    jane = make.contact(session, employer.id)
    site = Site(app, session).sign_in(jane)
    for number in range(10):
        upload(site, employer, number + 1)
    kept = sorted(storage.root.rglob("*"))
    page = upload(site, employer, 11, expect=422)
    assert "You can send more from Mar 11, 2021, 10:00 AM on." in text_of(page, ".usa-form-group--error")
    assert page.select_one("input[name=attested_name]")["value"] == "Jane Doe"
    assert (count(session, Upload), sorted(storage.root.rglob("*"))) == (10, kept)
    other = Site(app, session).sign_in(make.contact(session, employer.id))
    upload(other, employer, 12)
    with time_machine.travel(now + timedelta(days=1, minutes=5), tick=True):
        upload(site.sign_in(jane), employer, 13)
        assert count(session, Upload) == 12


def test_files_that_were_refused_count_as_well(app, session, employer, now):
    site = Site(app, session).sign_in(make.contact(session, employer.id))
    for _ in range(10):
        upload(site, employer, 0, expect=422)
    assert "within a day" in text_of(upload(site, employer, 1, expect=422), ".usa-form-group--error")
    assert count(session, Upload) == 0


def test_whoever_is_not_signed_in_is_counted_by_address_and_can_still_ask_without_a_file(app, session, employer, now):
    def ask(site, address, files, expect):
        site.client.environ_base["REMOTE_ADDR"] = address
        page = site.submit(site.open(FORM), "#request", files=files, expect=expect, **ASKED)
        return text_of(page)

    def five():
        return [(io.BytesIO(b"a,b\n"), f"{number}.csv") for number in range(5)]

    site = Site(app, session)
    for _ in range(2):
        ask(site, "192.0.2.1", five(), 200)
    refused = ask(site, "192.0.2.1", five(), 422)
    assert "You can send more from" in refused
    assert "were not kept" not in refused
    ask(site, "192.0.2.1", [], 200)
    ask(site, "192.0.2.2", five(), 200)
    assert count(session, Case) == 4
