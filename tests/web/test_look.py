"""The look: small, fetched from nowhere else, the same with and without JavaScript."""

import re
from pathlib import Path

import brotli
import pytest
from flask import render_template

from app.web.answers import apology

APP = Path(__file__).parents[2] / "app"
# Those in print/ become PDFs: nobody's browser is asked.
TEMPLATES = sorted(path for path in (APP / "templates").rglob("*.html") if "print" not in path.parts)


def weight(*names):
    return sum(len(brotli.compress((APP / "static" / name).read_bytes())) for name in names)


@pytest.mark.once
def test_the_stylesheet_makes_the_browser_fetch_nothing():
    css = (APP / "static" / "css" / "cvms.css").read_text()
    assert "@import" not in css
    assert "@font-face" not in css
    assert all(url.startswith("data:") for url in re.findall(r"url\([\"']?([^)]{5})", css))


@pytest.mark.once
@pytest.mark.parametrize("name", ["cvms", "kiosk"])
def test_what_is_seen_first_is_read_first_and_nothing_moves_for_who_wants_no_motion(name):
    """Only a number stands above the term that it belongs to, which is read before it."""
    css = (APP / "static" / "css" / f"{name}.css").read_text()
    turned = re.findall(r"([^{}]*)\{[^{}]*(?:-reverse|[{;]order:)", css)
    assert set(turned) <= {".stat"}
    still = css.partition("prefers-reduced-motion")[0]
    moving = re.findall(r"(?:animation|transition):", still)
    assert not moving or "prefers-reduced-motion: reduce){*,::before,::after" in css


@pytest.mark.once
def test_style_and_script_leave_a_first_visit_room_for_the_page():
    assert weight("css/cvms.css") < 8_000
    assert weight("js/cvms.js") < 2_100
    assert weight("css/cvms.css", "js/cvms.js", "js/htmx.min.js") < 22_000


@pytest.mark.once
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(APP)))
def test_a_template_holds_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)|javascript:|hx-on", text)


@pytest.mark.once
def test_a_page_put_on_a_phones_home_screen_has_a_name_an_icon_and_a_colour(site):
    head = site.open("/").head
    with site.get(head.select_one("link[rel=manifest]")["href"]) as answer:
        said = answer.get_json()
        assert answer.mimetype == "application/manifest+json"
    assert said["theme_color"] == head.select_one("meta[name=theme-color]")["content"]
    assert said["short_name"] == "CVMS"
    folder = site.url + head.select_one("link[rel=manifest]")["href"].removeprefix("/").rpartition("/")[0]
    pictures = [head.select_one("link[rel=apple-touch-icon]")["href"], *(f"{folder}/{one['src']}" for one in said["icons"])]
    for url in pictures:
        with site.get(url) as picture:
            assert picture.mimetype in {"image/png", "image/svg+xml"}


@pytest.mark.once
def test_the_gallery_shows_every_component(site):
    page = site.open("/components")
    text = (APP / "templates" / "gallery" / "components.html").read_text()
    text += (APP / "templates" / "gallery" / "forms.html").read_text()
    parts = {path.name for path in (APP / "templates" / "components").glob("*.html")} - {"icon.html"}
    assert {part for part in parts if f"components/{part}" not in text} == set()
    assert page.select_one("[aria-invalid=true]")
    assert page.select_one("#gallery-wrong .usa-error-message")


@pytest.mark.once
@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500, 503])
def test_an_apology_says_what_happened_and_offers_a_way_on(app, status):
    with app.test_request_context("/somewhere"):
        response = apology(status, "It did not happen", "Do this instead.", back_url="/back")
    body = response.get_data(as_text=True)
    assert response.status_code == status
    assert "<h1>It did not happen</h1>" in body
    assert 'href="/back"' in body


@pytest.mark.once
@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500, 503])
def test_an_apology_without_words_brings_its_own(app, status):
    with app.test_request_context("/somewhere"):
        body = render_template(f"errors/{status}.html")
    assert re.search(r"<h1>\w.+</h1>\s*<p class=\"lede\">\w.+</p>", body)
