"""Articles are written without a release: preview, versions, bringing one back, taking one off; never anything that runs."""

import pytest
from sqlalchemy import func, select

from app.domain.helpdesk.articles.models import ArticleVersion
from tests.browserless import form_data, read_html, text_of
from tests.make import helpdesk

ARTICLES = "/help/desk/settings/articles"
ONE = f"{ARTICLES}/lot-is-hidden/en"
SHOWN = "/help/articles/lot-is-hidden"


@pytest.fixture
def writer(site, session, now):
    return site.sign_in(helpdesk.agent(session, supervisor=True, first_name="Sue", last_name="Visor"))


def written(site, url=ONE, expect=200, go="save", **typed):
    data = form_data(site.open(url).select_one("main form")) | {"go": go} | typed
    return site.open(url, method="POST", data=data, expect=expect)


def test_an_article_is_previewed_then_saved_then_found_then_brought_back(writer, session):
    page = written(writer, go="look", title="Where is my lot?", text="Look for the **zebrafish**.")
    assert page.select_one("#preview strong:-soup-contains(zebrafish)")
    assert session.scalar(select(func.count()).select_from(ArticleVersion)) == 0
    data = form_data(page.select_one("main form")) | {"go": "save"}
    page = writer.open(ONE, method="POST", data=data)
    assert "Sue Visor" in text_of(page, "table")
    assert "zebrafish" in text_of(writer.open(SHOWN))
    assert "Where is my lot?" in text_of(writer.open("/help/articles?q=zebrafihs"), "#found")
    writer.submit(writer.open(f"{ONE}/versions/1"), 'form[action$="/restore"]')
    assert "zebrafish" not in text_of(writer.open(SHOWN))
    assert "Where is my lot?" not in text_of(writer.open("/help/articles?q=zebrafish"), "#found")
    assert "zebrafish" in text_of(writer.open(f"{ONE}/versions/2"))
    assert session.scalars(select(ArticleVersion.version).order_by(ArticleVersion.version)).all() == [2, 3]


def test_a_new_article_and_its_translation_are_read_and_taken_off(writer, session):
    typed = {"audience": "recipient", "kind": "answer", "title": "Boosters", "text": "Ask your clinic.", "language": "en"}
    written(writer, f"{ARTICLES}/new", slug="boosters", **typed)
    page = written(writer, f"{ARTICLES}/new", expect=422, slug="boosters", **typed)
    assert "There is one with this already" in text_of(page, ".usa-form-group--error")
    written(writer, f"{ARTICLES}/new?slug=boosters&language=es", title="Refuerzos", text="Pregunte.")
    assert "Refuerzos" in text_of(writer.open("/help/articles/boosters?language=es"))
    page = writer.submit(writer.open(f"{ARTICLES}/boosters/en"), 'form[action$="/hide"]')
    assert "This article is off the pages" in text_of(page)
    writer.open("/help/articles/boosters", expect=404)
    assert "Boosters" not in text_of(writer.open("/help/articles"), "#found")


def test_a_page_that_leads_to_an_article_taken_off_shows_the_others(writer, session):
    writer.submit(writer.open(ONE), 'form[action$="/hide"]')
    assert "Questions and answers" in text_of(writer.open(SHOWN), "h1")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Enter the title"),
        ({"text": "x" * 30_001}, "use 30000 characters or fewer"),
        ({"page": "provider.nowhere"}, "There is no such page"),
        ({"page": "provider.dose_record"}, "There is no such page"),
        ({"text": "[x](page:front.nowhere)"}, "leads nowhere"),
        ({"text": "[x](page:nowhere)"}, "leads nowhere"),
        ({"text": "[x](page:helpdesk.article)"}, "leads nowhere"),
        ({"text": "[x](article:no-such-thing)"}, "leads nowhere"),
    ],
)
@pytest.mark.parametrize("go", ["look", "save"])
def test_what_cannot_be_an_article_is_told(writer, session, typed, said, go):
    page = written(writer, go=go, expect=422, **typed)
    assert said in text_of(page, ".usa-form-group--error")
    assert session.scalar(select(func.count()).select_from(ArticleVersion)) == 0


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](JaVaScRiPt:x)",
        "[a](data:text/html;base64,PHNjcmlwdD4=)", "![a](https://evil.example/x.png)", '<a href="x" onclick="y">z</a>',
        "[a](page:front.home?x=%22%20onmouseover=alert(1))", "<svg/onload=alert(1)>", "<iframe src=//evil.example>",
        "[a](page:front.home?_external=1&_scheme=javascript)",
    ],
)  # fmt: skip
def test_nothing_that_runs_comes_through(writer, session, evil):
    for go in ("look", "save"):
        data = form_data(writer.open(ONE).select_one("main form")) | {"go": go, "text": f"Before {evil} after"}
        page = read_html(writer.client.post(ONE, data=data, follow_redirects=True).text)
    for seen in (page, writer.open(SHOWN)):
        found = seen.select("article.prose *")
        assert not [one for one in found if one.name in {"script", "img", "svg", "iframe", "object", "style", "form"}]
        assert not [name for one in found for name in one.attrs if name.startswith("on") or name == "style"]
        assert not [one["href"] for one in found if one.get("href", "").lower().startswith(("javascript:", "data:"))]


def test_two_who_write_at_once_lose_nothing(writer, session):
    stale = form_data(writer.open(ONE).select_one("main form")) | {"go": "save", "text": "Mine."}
    written(writer, text="Theirs.")
    page = writer.open(ONE, method="POST", data=stale, expect=409)
    assert page.select_one("textarea").text.strip() == "Mine."
    writer.open(ONE, method="POST", data=form_data(page.select_one("main form")) | {"go": "save"})
    assert session.scalars(select(ArticleVersion.text).order_by(ArticleVersion.version)).all() == ["Theirs.", "Mine."]
