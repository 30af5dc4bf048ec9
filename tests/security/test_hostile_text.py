"""Text that breaks databases, mails and logs: signs that nobody can see, and addresses beyond ASCII."""

import io

import pytest
from sqlalchemy import select

from app.domain.accounts.access import Role
from app.domain.accounts.invitations import Invite, invite
from app.domain.uploads.models import Upload
from app.infra import clock, outbox
from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import form_data, text_of
from tests.files.people import COLUMNS, people
from tests.files.workbooks import csv_file, raw_row, raw_xlsx
from tests.make.organizations import organization

UNSEEN = ["a\x00b", "\x00", "a\ud800b".encode("utf-8", "surrogatepass"), "a\u202eb", "\ufffe", "%00"]


@pytest.mark.parametrize("text", UNSEEN)
def test_a_sign_in_with_unseen_signs_is_only_wrong(site, session, now, text):
    for url in ("/account/sign-in/provider", "/account/provider/forgotten-password"):
        data = form_data(site.anonymous().open(url).select_one("main form[method=post]"))
        answer = site.client.post(url, data=data | {"name": text, "password": text})
        assert answer.status_code in {303, 422}, url


@pytest.mark.parametrize("text", UNSEEN)
def test_a_search_or_a_key_with_unseen_signs_is_answered(site, session, now, text):
    location = make.location(session)
    site.sign_in(make.manager(session, location))
    base = f"/provider/{location.id}"
    for path in ("organizations", "organizations/new", "recipients", "uploads", "inventory", "clinic"):
        for name in ("q", "name", "after", "resume"):
            answer = site.client.get(f"{base}/{path}", query_string={name: text})
            assert answer.status_code in {200, 303, 404}, (path, name, answer.status_code)
    assert site.client.get("/proof/" + "%00").status_code in {200, 404}


@pytest.mark.parametrize("text", UNSEEN)
def test_a_form_with_unseen_signs_never_breaks(site, session, now, text):
    location = make.location(session)
    site.sign_in(make.manager(session, location))
    url = f"/provider/{location.id}/organizations/new"
    data = form_data(site.open(url).select_one("main form[method=post]"))
    typed = {"name": text, "street": text, "city": text, "zip": "27601", "industry": "food", "state": "NC", "phone": text}
    answer = site.client.post(url, data=data | {key: typed[key] for key in typed if key in data} | {"request_key": text})
    assert answer.status_code in {303, 422}


def sent(site, session, data, name="people.xlsx", *, expect=200):
    employer = organization(session)
    employer.confirmed_at = clock.now()
    session.commit()
    site.sign_in(make.contact(session, employer.id))
    page = site.open(f"/organization/{employer.id}/uploads")
    fields = {"attested": "y", "attested_name": "Jane Doe", "file": (io.BytesIO(data), name)}
    return site.submit(page, "main form[enctype]", expect=expect, **fields)


@pytest.mark.parametrize("escape", ["_x0000_", "_xD800_", "_xFFFE_"])
def test_signs_that_a_workbook_hides_give_the_row_a_fate(site, session, now, escape):
    good, bad = people(2)
    bad = [f"{cell}{escape}" if cell else escape for cell in bad]
    rows = "".join(raw_row(number, *row) for number, row in enumerate([COLUMNS, good, bad], start=1))
    sent(site, session, raw_xlsx(rows))
    upload = session.scalar(select(Upload))
    assert (upload.status, upload.rows_settled, upload.mistaken_count) == ("done", 2, 1)
    site.get(f"{site.url}/rows-to-mend.xlsx")
    site.get(f"{site.url}/results.xlsx")


def test_a_csv_with_unseen_signs_is_refused_in_a_sentence(site, session, now):
    good, bad = people(2)
    data = csv_file([COLUMNS, good, [f"{cell}\x00" for cell in bad]])
    assert "a file of another kind" in text_of(sent(site, session, data, "people.csv", expect=422))
    assert session.scalar(select(Upload)) is None


def test_one_address_beyond_ascii_holds_up_no_other_mail(session, machines, smtp, now):
    import dataclasses

    location = make.location(session)
    boss = make.actor(session, make.administrator(session))
    for email in ("jörg@example.org", "ann@exämple.org", "plain@example.org"):
        invite(session, boss, Invite(Role.LOCATION_MANAGER, location.id, email, "A", "B", "provider", email[:3]), now=now)
    session.commit()
    deliver_due(machines.database, dataclasses.replace(machines.settings, smtp_url=smtp.url))
    assert smtp.to("plain@example.org")
    with machines.database.reading() as reading:
        assert outbox.counts(reading).get("sending", 0) == 0
        assert outbox.counts(reading).get("waiting", 0) == 0


def test_one_address_beyond_ascii_holds_up_no_kept_mail(session, machines, now):
    location = make.location(session)
    boss = make.actor(session, make.administrator(session))
    for email in ("jörg@example.org", "plain@example.org"):
        invite(session, boss, Invite(Role.LOCATION_MANAGER, location.id, email, "A", "B", "provider", email[:3]), now=now)
    session.commit()
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as reading:
        assert len(latest_mails(reading)) == 2
