"""What comes again costs little, and no browser keeps what belongs to somebody."""

import pytest

from tests import make, wire
from tests.browserless import text_of
from tests.make.vaccinations import visit

MOST = 400  # bytes, headers included

pytestmark = pytest.mark.once


def test_a_queue_that_asks_again_is_answered_with_next_to_nothing_until_somebody_comes(site, session, now):
    place = make.location(session)
    visit(session, place)
    page = site.sign_in(make.manager(session, place)).open(f"/provider/{place.id}/clinic")
    poll = page.select_one("#queue-now")["hx-get"]
    same = site.htmx(poll, target="div#queue")
    assert (same.status_code, same.data) == (204, b"")
    assert wire.bytes_of(same) <= MOST
    assert same.headers["Cache-Control"] == "no-store"
    visit(session, place)
    assert site.htmx(poll, target="div#queue").status_code == 200


def test_a_page_for_everybody_is_fetched_once_and_then_only_asked_for(site, session, now):
    first = site.anonymous().get("/privacy")
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    again = site.client.get("/privacy", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert wire.bytes_of(again) <= MOST
    assert site.client.get("/accessibility", headers=known).status_code == 200
    assert site.client.get("/privacy", headers=known | {"Accept-Language": "es"}).status_code == 200
    stranger = site.anonymous().client.get("/privacy", headers=known)
    assert stranger.status_code == 200, "its button would hold the token of another browser"


def test_what_names_somebody_or_works_once_is_kept_by_no_browser(site, session, now):
    kept = site.anonymous().get("/privacy").headers["ETag"]
    site.sign_in(make.administrator(session, first_name="Ada"))
    for url in ("/privacy", "/figures", "/help/"):
        response = site.client.get(url, headers={"If-None-Match": kept})
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store", url
        assert "ETag" not in response.headers
    page = site.open("/privacy")
    assert "Ada" in text_of(page, "header")
    site.submit(page, "form[action='/account/sign-out']")
    assert "Ada" not in site.client.get("/privacy", headers={"If-None-Match": kept}).text
    assert site.anonymous().get("/account/sign-in/state").headers["Cache-Control"] == "no-store"
