"""Large uploads go to the background: progress that ends, a mail at the end, and nothing that holds up the others."""

import io
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.accounts.models import Invitation
from app.domain.recipients.models import Listing, Recipient
from app.domain.uploads.models import Upload, UploadRow
from app.infra import clock
from app.infra.outbox import OutboxMessage
from app.jobs import worker
from app.jobs.deliver_mail import deliver_due
from app.jobs.process_uploads import process_due
from tests import make
from tests.browserless import read_html, text_of
from tests.conftest import settings_for
from tests.files.people import COLUMNS, people, with_mistakes
from tests.files.workbooks import csv_file, xlsx
from tests.make.organizations import organization

FORM = "main form[enctype]"


@pytest.fixture
def base(site, session, now):
    """The address of an employer's uploads; its contact Jane is signed in."""
    employer = organization(session)
    employer.confirmed_at = clock.now()
    site.sign_in(make.contact(session, employer.id, email="jane@example.org", first_name="Jane"))
    return f"/organization/{employer.id}/uploads"


@pytest.fixture
def send(site, base):
    def act(data, name="everybody.xlsx"):
        page = site.open(base)
        return site.submit(page, FORM, file=(io.BytesIO(data), name), attested="y", attested_name="Jane Doe")

    return act


@pytest.fixture
def work(session, machines):
    """Run the worker's job once, as a wake-up does."""

    def act():
        session.rollback()
        done = process_due(machines.database, machines.storage, zone=machines.settings.zone, now=clock.now())
        session.expire_all()
        return done

    return act


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def fragment(site, url):
    return read_html(site.htmx(url, target="div#progress").get_data(as_text=True))


def inner(page):
    return " ".join(str(page.select_one("#progress")).split())


def test_five_thousand_people_go_to_the_background_and_the_progress_ends(site, session, send, work, base, now):
    page = send(xlsx([COLUMNS, *with_mistakes(people(5000))]))
    url = site.url
    assert "0 of 5,000 rows" in text_of(page, "#progress")
    assert "You can leave this page. A mail tells you when all rows are done." in text_of(page)
    link = page.select_one("#progress a")
    assert (link["href"], link["hx-get"]) == (url, f"{url}?seen=waiting-0")
    assert "every 2s" in link["hx-trigger"]
    assert "Being worked on" in text_of(site.open(base), "table")
    assert inner(fragment(site, url)) == inner(site.open(url))
    assert count(session, Recipient) == 0
    assert work() == 1
    done = fragment(site, url)
    assert not done.select("#progress [hx-trigger]")
    assert inner(done) == inner(site.open(url))
    assert "accepted 4,994" in text_of(done, "#progress")
    assert count(session, UploadRow) == 5000
    assert count(session, Recipient) == count(session, Listing) == count(session, Invitation) == 4994
    assert work() == 0


def test_the_progress_says_how_far_it_is(site, session, send, now):
    send(csv_file([COLUMNS, *people(101)]), "everybody.csv")
    url, upload = site.url, session.scalar(select(Upload))
    upload.status, upload.rows_settled = "working", 50
    session.commit()
    page = site.open(url)
    assert "50 of 101 rows" in text_of(page, "#progress")
    bar = page.select_one("#progress progress")
    assert (bar["value"], bar["max"]) == ("50", "101")


def test_the_worker_is_woken_by_the_upload(session, send, machines, now):
    worker.add_jobs(machines.queue, machines.settings, machines.database, machines.storage)
    send(csv_file([COLUMNS, *people(101)]), "everybody.csv")
    session.rollback()
    while (task := machines.queue.huey.dequeue()) is not None:
        machines.queue.huey.execute(task)
    assert session.scalar(select(Upload.status)) == "done"
    kinds = Counter(session.scalars(select(OutboxMessage.kind).where(OutboxMessage.status == "done")))
    assert kinds["uploads.finished"] == 1


def test_a_mail_tells_the_end_with_counts_and_a_link_and_no_names(
    site, session, send, work, smtp, database, tmp_path, database_url, now
):
    crew = people(120)
    send(xlsx([COLUMNS, *with_mistakes(crew)]))
    url = site.url
    work()
    session.rollback()
    deliver_due(database, settings_for(tmp_path, database_url, SMTP_URL=smtp.url))
    (mail,) = smtp.to("jane@example.org")
    text = mail.get_content()
    assert "114 of 120 people in your file were accepted" in text
    assert "Rows that need mending: 6" in text
    assert f"http://cvms.test{url}" in text
    assert "Okafor" not in text
    assert "Okafor" not in mail["Subject"]
    assert len(smtp.messages) == 115


def test_up_to_a_hundred_rows_are_done_at_once_without_a_mail_about_it(session, send, work, now):
    page = send(csv_file([COLUMNS, *people(100)]), "some.csv")
    assert "Every row was accepted" in text_of(page)
    assert session.scalar(select(func.count()).where(OutboxMessage.kind == "uploads.finished")) == 0
    assert work() == 0


def test_a_file_that_is_lost_ends_with_a_sentence_and_a_mail(site, session, storage, send, work, base, now):
    send(csv_file([COLUMNS, *people(101)]), "everybody.csv")
    url = site.url
    storage.delete(session.scalar(select(Upload.storage_key)))
    assert work() == 1
    page = site.open(url)
    assert "This file could not be finished" in text_of(page, "#progress")
    assert "upload it once more" in text_of(page, "#progress")
    assert not page.select("#progress [hx-trigger]")
    assert "Not finished" in text_of(site.open(base), "table")
    assert session.scalar(select(func.count()).where(OutboxMessage.kind == "uploads.finished")) == 1


def test_one_that_breaks_holds_up_nobody_and_is_given_up_after_five_tries(site, session, storage, send, work, now):
    send(csv_file([COLUMNS, *people(101)]), "broken.csv")
    url, broken = site.url, session.scalar(select(Upload))
    (storage.root / broken.storage_key).write_bytes(b"not what was kept")
    send(csv_file([COLUMNS, *people(101, start=500)]), "good.csv")
    assert work() == 1
    assert dict(session.execute(select(Upload.filename, Upload.status)).all()) == {"broken.csv": "working", "good.csv": "done"}
    assert "Being worked on" in text_of(site.open(url))
    for tried in range(2, 6):
        session.get_one(Upload, broken.id).leased_until = clock.now() - timedelta(seconds=1)
        session.commit()
        assert work() == (tried == 5)
    assert "call the help line" in text_of(site.open(url), "#progress")
    assert work() == 0
