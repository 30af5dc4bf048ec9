"""The disk fills up: what was confirmed is there, what could not be kept is told, and can be sent again from the page."""

import resource
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from app.domain.recipients.models import Recipient
from app.infra.storage import FolderStorage
from bench.clinics import person
from tests import make
from tests.browserless import form_data, lint, read_html

pytestmark = pytest.mark.once
DETAILS = {
    "zip": "27601", "gender": "female", "races": "2028-9", "ethnicity": "2135-2", "street": "A long name of a street " * 4,
}  # fmt: skip
MOST = 100


@contextmanager
def full(database):
    """No page can be added to the database's file."""
    lasting = True

    def limit(connection, *_others):
        pages = connection.execute("PRAGMA page_count").fetchone()[0] if lasting else 2**30
        connection.execute(f"PRAGMA max_page_count = {pages}")

    database.dispose()
    event.listen(database.engine, "checkout", limit)
    yield
    lasting = False
    with database.reading() as session:
        session.connection()
    event.remove(database.engine, "checkout", limit)


def walk_ins_until_full(site, url):
    """Family names that were registered, and the answer to the first that was not."""
    given = []
    for number in range(MOST):
        form = form_data(site.open(url).select_one("#walk-in"))
        one = person(number, "new")
        born = {"birth_date-month": one.born.month, "birth_date-day": one.born.day, "birth_date-year": one.born.year}
        named = {"first_name": one.first, "last_name": one.last}
        site.session.rollback()
        sent = site.client.post(url, data=form | DETAILS | born | named)
        if sent.status_code != 303:
            return given, sent
        given.append(one.last)
    raise AssertionError("the disk never was full")


def names(session):
    session.rollback()
    return sorted(session.scalars(select(Recipient.last_name)))


def test_a_form_that_could_not_be_kept_is_sent_again_from_the_page_that_says_so(site, session, database, now):
    place = make.location(session)
    site.sign_in(make.manager(session, place))
    url = f"/provider/{place.id}/clinic/walk-in"
    with full(database):
        given, refused = walk_ins_until_full(site, url)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        page = read_html(refused.get_data(as_text=True))
        lint(page, url)
        assert "Nothing was changed" in page.select_one("main").text
        assert "A long name of a street" in page.select_one("#typed").text
        assert names(session) == sorted(given)
    for _ in range(2):
        site.submit(page, "#again")
    assert len(names(session)) == len(given) + 1
    assert "This was saved already" in site.open(site.url).text or site.status == 200


def test_of_a_file_that_had_no_room_nothing_stays(tmp_path):
    storage = FolderStorage(tmp_path)
    kept = storage.put("uploads", b"people")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="large"):
            storage.put("uploads", b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [kept.rsplit("/", 1)[1]]
    assert storage.get(kept) == b"people"
