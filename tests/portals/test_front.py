"""The front door: everybody finds their portal, and what is promised to them."""

import dataclasses

import pytest

from app import factory
from app.web.context import Machines
from tests.browserless import Site, text_of


def test_the_front_door_leads_to_every_portal_that_exists(site):
    page = site.open("/")
    doors = page.select("#doors a")
    assert len(doors) == 6
    for door in doors:
        behind = site.open(door["href"])
        if door["href"] == "/help/":
            assert "How can we help?" in text_of(behind)
            continue
        if way_in := behind.select_one('main a[href^="/account/sign-in/"]'):
            behind = site.open(way_in["href"])
        assert "User name" in text_of(behind)


def test_what_is_kept_and_how_to_get_help_is_told_from_every_page(site, settings):
    page = site.open("/proof")
    assert "never anything about your health" in text_of(
        site.open(page.select_one('footer a[href="/privacy"]')["href"])
    )
    said = text_of(site.open(page.select_one('footer a[href="/accessibility"]')["href"]))
    assert settings.help_phone in said


def test_the_program_says_that_it_is_up(site):
    assert site.get("/healthz").json == {"status": "ok"}


def test_a_page_that_is_nowhere_is_told_kindly(site):
    assert "This page is not here" in text_of(site.open("/nowhere", expect=404), "body")


@pytest.fixture
def real(machines, session):
    """The same installation, neither a demonstration nor under test."""
    settings = dataclasses.replace(machines.settings, testing=False, demo=False)
    return Site(
        factory.create_app(machines=Machines(settings, machines.database, machines.storage, machines.queue)), session
    )


def test_mails_and_components_are_shown_in_demonstrations_only(site, real):
    for path in ("/demo/mails", "/components"):
        real.open(path, expect=404)
    assert "Mails" not in text_of(real.open("/"))
    site.open("/components")


def test_the_mails_of_a_demonstration_can_be_read(machines, session):
    settings = dataclasses.replace(machines.settings, demo=True)
    site = Site(
        factory.create_app(machines=Machines(settings, machines.database, machines.storage, machines.queue)), session
    )
    page = site.open("/")
    assert "invented people" in text_of(page, "body")
    assert "No mail yet" in text_of(site.open(page.select_one('main a[href="/demo/mails"]')["href"]))
