"""Articles are listed, searched, read, judged, offered while somebody asks, and linked from every page."""

import re

import pytest
from sqlalchemy import select

from app.domain.accounts.models import Grant
from app.domain.helpdesk.articles.library import shipped_articles
from app.domain.helpdesk.articles.models import ArticleVote
from app.domain.helpdesk.models import Case
from app.infra.prose import links_in
from app.portals.helpdesk.knowledge.guides import OF_PAGES, OF_REALMS, slug_for
from tests import make
from tests.browserless import form_data, text_of
from tests.make import helpdesk

ASKED = {
    "first_name": "Maria", "last_name": "Lopez", "email": "maria@example.org", "request_type": "proof",
    "description": "How can I download my proof of vaccination?",
}  # fmt: skip


def links(page, selector="main"):
    return [link["href"] for link in page.select(f"{selector} a[href]")]


def test_every_link_of_every_article_leads_to_a_page(app, site, session, now):
    with app.test_request_context():
        endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    for article in shipped_articles():
        for link in [*links_in(article.text), f"page:{article.page}"]:
            kind, _, name = link.partition(":")
            assert kind == "article" or name.partition("?")[0] in endpoints, f"{article.slug}: {link}"
    public = [article for article in shipped_articles() if article.audience != "agent"]
    for article in public:
        page = site.open(f"/help/articles/{article.slug}?language={article.language}")
        assert text_of(page, "h1") == article.title
        for url in set(links(page, "article") + links(page, ".actions")):
            if url.startswith("/") and "/register" not in url:
                site.open(url)


def test_each_guide_belongs_to_pages_that_exist(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    shipped = {article.slug for article in shipped_articles()}
    for name, slug in OF_PAGES.items():
        assert any(endpoint.startswith(name) for endpoint in endpoints), name
        assert slug in shipped
    assert shipped >= set(OF_REALMS.values())


def test_every_page_links_to_its_help(app, site, session, now):
    for url, slug in (("/", ""), ("/help/register", "help-desk-for-providers"), ("/nowhere", "")):
        page = site.open(url, expect=404 if slug == "" and url != "/" else 200)
        assert f"/help/articles{'/' if slug else ''}{slug}" in links(page, "footer")
    for realm, slug in OF_REALMS.items():
        assert f"/help/articles/{slug}" in links(site.open(f"/account/sign-in/{realm}"), "footer")
    clinic = make.location(session)
    provider = make.healthcare_provider(session, clinic)
    for account, guide in ((provider, "guide-healthcare-provider"), (make.manager(session, clinic), "guide-location-manager")):
        site.sign_in(account)
        assert f"/help/articles/{guide}" in links(site.open(f"/provider/{clinic.id}/clinic"), "footer")
    assert "/help/articles/lot-is-hidden" not in links(site.open(f"/provider/{clinic.id}/inventory"), "footer")
    staff = site.sign_in(make.administrator(session)).open("/state/")
    assert "/help/articles/guide-state-staff" in links(staff, "footer")
    assert "Operations" in text_of(site.open("/help/articles/guide-state-staff"))


def test_the_longest_name_of_a_page_decides(app):
    with app.test_request_context():
        assert slug_for("provider.uploads_undelivered", {}) == "upload-your-employees"
        assert slug_for("recipient.registration_step", {}) == "change-my-answers"
        assert slug_for("front.home", {}) is None


def test_articles_are_searched_by_anybody(site, session, now):
    page = site.open("/help/")
    page = site.submit(page, "form[role=search]", q="transfr redistribution")
    assert "What is the difference between a transfer and a redistribution?" in text_of(page, "#found")
    page = site.open("/help/articles?q=password&audience=organization")
    assert "Vaccine Recipient" not in text_of(page, "#found ul")
    assert "No article fits" in text_of(site.open("/help/articles?q=qwertzuiop"))
    fragment = site.htmx("/help/articles?q=password", target="div#found").get_data(as_text=True)
    assert fragment.strip().startswith('<div id="found"')
    assert "<html" not in fragment


def test_the_landing_page_lists_what_its_audience_asks(site, session, now):
    page = site.open("/help/recipient")
    assert "/help/articles/proof-of-vaccination" in links(page, "#found")
    assert "/help/articles/lot-is-hidden" not in links(page, "#found")


def test_an_article_is_read_in_spanish(site, session, now):
    page = site.open("/help/articles/appointment")
    page = site.open(next(url for url in links(page) if "language=es" in url))
    assert text_of(page, "h1") == "¿Ya tengo una cita?"
    assert page.select_one("article")["lang"] == "es"


def test_links_lead_into_the_readers_own_place(site, session, now):
    clinic, other = make.location(session), make.location(session, "Second")
    page = site.open("/help/articles/lot-is-hidden")
    assert "/account/sign-in/provider" in links(page, "article")
    boss = make.manager(session, clinic)
    page = site.sign_in(boss).open("/help/articles/lot-is-hidden")
    assert f"/provider/{clinic.id}/inventory" in links(page, "article")
    session.add(
        Grant(account_id=boss.id, role="location_manager", scope_kind="location", scope_id=other.id, given_at=now)
    )
    session.commit()
    assert "/account/choose" in links(site.open("/help/articles/lot-is-hidden"), "article")


def test_texts_for_staff_are_not_there_for_others(site, session, now):
    site.open("/help/articles/guide-help-desk-agent", expect=404)
    assert "Guide for Help Desk agents" not in text_of(site.open("/help/articles?audience=agent"))
    site.sign_in(helpdesk.agent(session))
    assert "Guide for Help Desk agents" in text_of(site.open("/help/articles?audience=agent"))
    site.open("/help/articles/nothing", expect=404)


def test_a_reader_says_once_that_an_article_helped(site, session, now):
    page = site.open("/help/articles/appointment")
    data = form_data(page.select_one("form[action$=helpful]")) | {"is_helpful": "yes"}
    for _ in range(2):
        page = site.open("/help/articles/appointment/helpful", method="POST", data=data)
        data = data | {"request_key": "another"}
        assert "Thank you" in text_of(page)
    assert not page.select("form[action$=helpful]")
    vote = session.scalars(select(ArticleVote)).one()
    assert (vote.slug, vote.language, vote.version, vote.is_helpful) == ("appointment", "en", 1, True)
    page = site.sign_in(helpdesk.agent(session)).open("/help/articles/appointment")
    assert "helpful to 1 readers, not to 0" in text_of(page)


@pytest.mark.parametrize("wrong", [{"version": "99"}, {"version": "x"}, {"language": "xx"}, {"version": "9" * 30}])
def test_a_vote_for_what_is_not_there_is_refused(site, session, now, wrong):
    data = form_data(site.open("/help/articles/appointment").select_one("form[action$=helpful]")) | wrong
    site.open("/help/articles/appointment/helpful", method="POST", data=data, expect=404)


def test_articles_are_offered_while_somebody_writes(site, session, now):
    page = site.open("/help/recipient/request")
    form = page.select_one("form[hx-post]")
    assert "#description" in form["hx-include"]
    token = page.select_one("#request [name=csrf_token]")["value"]
    data = {"csrf_token": token, "q": "", "description": "I cannot download my proof"}
    fragment = site.htmx(form["hx-post"], method="POST", target="div#suggestions", data=data).get_data(as_text=True)
    assert "/help/articles/proof-of-vaccination" in fragment
    assert 'target="_blank"' in fragment
    assert "/help/articles" not in site.htmx(form["hx-post"], method="POST", data=data | {"description": "hello"}).get_data(as_text=True)
    site.open("/help/articles/suggest/nobody", method="POST", data=data, expect=404)


def test_without_javascript_they_are_offered_after_sending_and_beside_a_mistake(site, session, now):
    page = site.submit(site.open("/help/recipient/request"), "#request", expect=422, **ASKED | {"email": ""})
    assert "How do I get my proof of vaccination?" in text_of(page, "#suggestions")
    page = site.submit(page, "#request", email="maria@example.org")
    number = session.scalars(select(Case.number)).one()
    assert number in text_of(page)
    assert "/help/articles/proof-of-vaccination" in links(page)
    assert not re.search("download|proof", site.url)
    assert "/help/articles/proof-of-vaccination" not in links(site.open("/help/sent/CS0009999"))


def test_an_agent_finds_articles_with_their_address_in_the_language_of_the_case(site, session, storage, now):
    case = helpdesk.opened(session, storage, description="¿Cómo descargo mi comprobante de vacunación?", language="es")
    page = site.sign_in(helpdesk.agent(session, "recipients")).open(f"/help/desk/cases/{case.number}")
    data = form_data(page.select_one('form[action*="/reply/"]')) | {"insert": "article:proof-of-vaccination"}
    page = site.open(f"/help/desk/cases/{case.number}/insert", method="POST", data=data)
    assert "http://cvms.test/help/articles/proof-of-vaccination?language=es" in text_of(page, "textarea")
