"""The demonstration keeps every rule, and each of its people can sign in and see something."""

import pytest

from app.domain.inventory.queries import balances_that_differ
from app.jobs.demo import build
from tests.browserless import Site, text_of


@pytest.fixture
def made(database, storage, settings, session, now):
    session.rollback()
    return build.build_demo(database, storage, settings, now=now, size=0.05)


def test_every_sign_in_of_the_demonstration_works_and_every_menu_entry_opens(app, session, made):
    assert {user.portal for user in made} == {"state", "provider", "organization", "recipient", "enrollment"}
    for user in made:
        site = Site(app, session)
        page = site.submit(
            site.open(f"/account/sign-in/{user.portal}"), "main form[method=post]", name=user.username, password=user.password
        )
        if "/choose" in site.url:
            page = site.open(page.select_one("#places a")["href"])
        assert site.url.startswith(f"/{user.portal}/"), user
        for link in page.select("header nav a[href^='/']"):
            assert text_of(site.open(link["href"]))


def test_its_stock_adds_up(session, made):
    assert made
    assert balances_that_differ(session) == []
