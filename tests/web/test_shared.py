"""What a proxy may show to many is asked for by nobody in particular, and holds nothing of anybody."""

import pytest

from app.web.portal import PUBLIC, Portal
from tests import make

pytestmark = pytest.mark.once
SHARED = "public, max-age=0, s-maxage=10"


def test_the_front_door_may_be_shared_as_long_as_nobody_brings_anything(site, session):
    site.anonymous()
    page = site.open("/")
    assert site.response.headers["Cache-Control"] == SHARED
    assert "Set-Cookie" not in site.response.headers
    assert page.select_one("[name=csrf_token]") is None
    assert {"Accept-Language", "Cookie", "HX-Request"} <= set(site.response.headers["Vary"].split(", "))
    other = page.select_one("header a[lang=es]")
    assert "COVID-19" in site.open(other["href"]).select_one("h1").text
    assert "public" not in site.response.headers["Cache-Control"]
    assert site.open("/").html["lang"] == "es"
    assert "public" not in site.response.headers["Cache-Control"]
    assert "public" not in site.anonymous().htmx("/").headers["Cache-Control"]
    site.sign_in(make.administrator(session)).open("/")
    assert site.response.headers["Cache-Control"] == "no-store"


def test_no_other_page_that_is_open_to_all_is_shared(app, site):
    opened = 0
    for rule in app.url_map.iter_rules():
        portal, _, view = rule.endpoint.partition(".")
        blueprint = app.blueprints.get(portal)
        if rule.arguments or not isinstance(blueprint, Portal) or blueprint.needs.get(view) != PUBLIC:
            continue
        if "GET" in rule.methods and rule.endpoint != "front.home":
            answer = site.anonymous().client.get(rule.rule)
            assert "s-maxage" not in answer.headers.get("Cache-Control", ""), rule.rule
            opened += 1
    assert opened > 10
