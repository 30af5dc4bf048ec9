"""Articles are complete, lead somewhere, and are found by what people type, also with a slip of the finger."""

import re

import pytest

from app.domain.accounts.sessions import actor_of
from app.domain.errors import NotFound
from app.domain.helpdesk.articles.find import find_articles
from app.domain.helpdesk.articles.judge_article import JudgeArticle, Verdict, judge_article, verdict_on
from app.domain.helpdesk.articles.library import articles_of, audiences_of, get_article, languages_of, shipped_articles
from app.infra.prose import links_in, to_html, with_addresses
from tests import make
from tests.make import helpdesk

NAMES = [f"{article.slug}.{article.language}" for article in shipped_articles()]


@pytest.mark.once
def test_there_are_enough_articles_and_every_one_for_recipients_is_in_spanish_too(session):
    english = [article for article in shipped_articles() if article.language == "en" and article.kind == "answer"]
    assert len(english) >= 25
    recipient = {article.slug for article in shipped_articles() if article.audience == "recipient"}
    assert all(languages_of(session, slug) == ["en", "es"] for slug in recipient)
    assert {article.audience for article in shipped_articles() if article.kind == "guide"} == {
        "provider", "organization", "recipient", "agent",
    }  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("article", shipped_articles(), ids=NAMES)
def test_an_article_is_whole(session, article):
    assert len(article.text) > 200
    assert len(article.keywords) >= 3
    assert article.page
    if article.kind == "guide":
        assert 'class="check"' in to_html(article.text)
    for link in links_in(article.text):
        kind, _, name = link.partition(":")
        if kind == "article":
            assert get_article(session, name, article.language)
    other = get_article(session, article.slug, "en")
    assert (other.audience, other.kind, other.page) == (article.audience, article.kind, article.page)
    assert sorted(links_in(other.text)) == sorted(links_in(article.text)), "the translation leads elsewhere"


@pytest.mark.once
@pytest.mark.parametrize(
    ("typed", "language", "slug"),
    [
        ("lot expired", "en", "lot-is-hidden"),
        ("inventroy not shown", "en", "lot-is-hidden"),
        ("more than 5000 employees", "en", "upload-your-employees"),
        ("transfr vs redistribution", "en", "transfer-or-redistribution"),
        ("vacine proof", "en", "proof-of-vaccination"),
        ("NCID two hospitals", "en", "ncid-user-name"),
        ("extra doses in the vial", "en", "more-doses-per-vial"),
        ("cvms.org user name", "en", "sign-in-organization"),
        ("VAC2021", "en", "help-desk-for-providers"),
        ("contrasena", "es", "sign-in-recipient"),
        ("CONTRASEÑA OLVIDADA", "es", "sign-in-recipient"),
        ("comprovante", "es", "proof-of-vaccination"),
    ],
)
def test_what_people_type_finds_the_article_first(session, typed, language, slug):
    assert find_articles(session, typed, None, language)[0].slug == slug


@pytest.mark.once
def test_only_articles_of_the_audience_in_the_language_are_found(session):
    found = find_articles(session, "password", "organization", "en")
    assert {article.audience for article in found} == {"organization"}
    assert {article.language for article in find_articles(session, "contraseña", "recipient", "es")} == {"es"}
    assert find_articles(session, "password", ("recipient",), "en", 1) == find_articles(session, "password", "recipient", "en")[:1]


@pytest.mark.once
@pytest.mark.parametrize("typed", ["", "   ", "the and of", "qwertzuiop", "?!", "ñ", "x" * 9000, "\x00"])
def test_nothing_is_found_for_nothing(session, typed):
    assert find_articles(session, typed, None, "en") == []


@pytest.mark.once
def test_a_long_description_finds_what_it_is_about_and_nothing_far_fetched(session):
    told = (
        "Hello, we received ten vials last week and I typed the expiration date wrongly. Now the lot is not offered "
        "when we want to give a dose. Please help, people are waiting!"
    )
    assert [article.slug for article in find_articles(session, told, "provider", "en", 3, surely=True)][:1] == ["lot-is-hidden"]
    assert find_articles(session, "Hello, good morning to you all", "recipient", "en", 3, surely=True) == []


@pytest.mark.once
def test_an_article_that_is_not_translated_is_shown_in_english(session):
    assert get_article(session, "lot-is-hidden", "es").language == "en"
    assert {article.language for article in articles_of(session, "recipient", "es")} == {"es"}
    with pytest.raises(NotFound):
        get_article(session, "no-such-thing", "en")


@pytest.mark.once
def test_markdown_becomes_safe_html():
    html = to_html('<script>x</script> [a](javascript:x) ![p](https://x/y.png) [b](page:front.home?a="b) [c](data:x)')
    assert re.findall(r"<(\w+)", html) == ["p", "a"]
    assert with_addresses(to_html("[b](page:front.home)"), lambda _: '/x?"<') == '<p><a href="/x?&quot;&lt;">b</a></p>\n'


def test_readers_say_whether_a_version_helped(session, now):
    article = get_article(session, "lot-is-hidden", "en")
    for helpful in (True, True, False):
        judge_article(session, None, JudgeArticle(article.slug, "en", article.version, helpful), now=now)
    assert verdict_on(session, article) == Verdict(yes=2, no=1)
    assert verdict_on(session, get_article(session, "appointment", "en")) == Verdict(0, 0)


@pytest.mark.parametrize(("slug", "language", "version"), [("none", "en", 1), ("lot-is-hidden", "es", 1), ("lot-is-hidden", "en", 99)])
def test_what_never_was_cannot_be_judged(session, now, slug, language, version):
    with pytest.raises(NotFound):
        judge_article(session, None, JudgeArticle(slug, language, version, is_helpful=True), now=now)


def test_articles_for_staff_are_for_staff(session, now):
    assert "agent" not in audiences_of(None)
    assert "agent" not in audiences_of(actor_of(helpdesk.requester(session), now=now))
    assert "agent" in audiences_of(actor_of(helpdesk.agent(session), now=now))
    assert "agent" in audiences_of(actor_of(make.administrator(session), now=now))
    with pytest.raises(NotFound):
        judge_article(session, None, JudgeArticle("guide-help-desk-agent", "en", 1, is_helpful=True), now=now)
