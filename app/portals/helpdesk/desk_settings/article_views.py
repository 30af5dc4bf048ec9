"""Articles, written without a release: list, editor with a preview, versions, bringing one back."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import NotFound
from app.domain.helpdesk.articles.library import AUDIENCES, Article
from app.domain.helpdesk.articles.write_article import (
    ArticleChanged,
    Version,
    WriteArticle,
    checked_article,
    hide_article,
    list_standing,
    restore_version,
    versions_of,
    write_article,
)
from app.domain.helpdesk.errors import BadRequest
from app.portals.helpdesk import wording
from app.portals.helpdesk.desk_settings import words
from app.portals.helpdesk.desk_settings.forms import ArticleForm, VersionForm
from app.portals.helpdesk.knowledge.addresses import article_html, leads_somewhere
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.forms import choices
from app.web.pencil import version_from

MANAGE = Permission.MANAGE_HELP_DESK
_ARTICLES = "/desk/settings/articles"
_ONE = f"{_ARTICLES}/<slug>/<language>"


@portal.page(_ARTICLES, needs=MANAGE)
def written_articles() -> Response:
    """Every article in every language."""
    return show(
        "helpdesk/desk_settings/articles.html", articles=list_standing(context.db(), context.actor()), words=words,
        readers=wording.READERS,
    )  # fmt: skip


@portal.action(f"{_ARTICLES}/new", needs=MANAGE)
def new_article() -> Response:
    """Another article; or an article in another language, which takes the rest from the one that is there."""
    known: dict[str, Any] = {"seen": "0"}
    slug, language = request.args.get("slug", ""), request.args.get("language", "")
    if slug:
        known |= _fill(_versions(slug, "en")[0].article) | {"language": language, "seen": "0"}
    return _edit(ArticleForm(data=known), None)


@portal.action(_ONE, needs=MANAGE)
def edit_article(slug: str, language: str) -> Response:
    """The editor of one article, and its versions."""
    versions = _versions(slug, language)
    return _edit(ArticleForm(data=_fill(versions[0].article)), versions)


@portal.page(f"{_ONE}/versions/<version>", needs=MANAGE)
def article_version(slug: str, language: str, version: str) -> Response:
    """One version as readers saw it."""
    versions = _versions(slug, language)
    found = next((one for one in versions if one.article.version == version_from(version)), None)
    if found is None:
        raise NotFound
    form = VersionForm(formdata=None, data={"seen": str(versions[0].article.version)})
    return show(
        "helpdesk/desk_settings/version.html", version=found, newest=versions[0], html=article_html(found.article, language),
        form=form,
    )  # fmt: skip


@portal.action(f"{_ONE}/versions/<version>/restore", needs=MANAGE, methods=("POST",))
def restore_article(slug: str, language: str, version: str) -> Response:
    """This version is what readers see again."""
    form = VersionForm()
    try:
        restore_version(
            context.db(), context.actor(), slug, language, version_from(version), version_from(form.seen.data),
            now=context.now(),
        )
    except ArticleChanged:
        return _changed(slug, language)
    return done(_url(slug, language), _("This version is shown again."))


@portal.action(f"{_ONE}/hide", needs=MANAGE, methods=("POST",))
def take_off_article(slug: str, language: str) -> Response:
    """Readers do not find it any more."""
    form = VersionForm()
    try:
        hide_article(context.db(), context.actor(), slug, language, version_from(form.seen.data), now=context.now())
    except ArticleChanged:
        return _changed(slug, language)
    return done(_url(slug, language), _("It is off the pages. Any version can be brought back."))


def _edit(form: ArticleForm, versions: list[Version] | None) -> Response:
    form.language.choices = choices(words.LANGUAGES.items())
    form.audience.choices = choices([(one, wording.READERS[one]) for one in AUDIENCES])
    form.kind.choices = choices(words.KINDS.items())
    preview, status = "", None
    if form.submitted():
        try:
            command = _command(form, versions[0].article if versions else None)
            if request.form.get("go") == "save":
                kept = write_article(context.db(), context.actor(), command, now=context.now())
                return done(_url(kept.slug, kept.language), _("Saved. Readers see it now."))
            preview = article_html(checked_article(context.db(), context.actor(), command), command.language)
            context.looked_only()
        except (BadRequest, ArticleChanged) as refusal:
            context.db().rollback()
            status = words.tell(form, refusal)
    return show(
        "helpdesk/desk_settings/article.html", form=form, versions=versions or [], preview=preview, status=status,
        kept=versions[0] if versions else None, act_form=VersionForm(formdata=None, data={"seen": form.seen.data}),
    )  # fmt: skip


def _command(form: ArticleForm, kept: Article | None) -> WriteArticle:
    return WriteArticle(
        slug=kept.slug if kept else (form.slug.data or "").strip(),
        language=kept.language if kept else form.language.data or "", title=form.title.data or "",
        audience=form.audience.data or "", kind=form.kind.data or "", keywords=form.keywords.data or "",
        page=form.page.data or "", text=form.text.data or "", seen=version_from(form.seen.data), leads=leads_somewhere,
    )  # fmt: skip


def _fill(article: Article) -> dict[str, str]:
    return {
        "slug": article.slug, "language": article.language, "audience": article.audience, "kind": article.kind,
        "title": article.title, "keywords": ", ".join(article.keywords), "page": article.page, "text": article.text,
        "seen": str(article.version),
    }  # fmt: skip


def _versions(slug: str, language: str) -> list[Version]:
    return versions_of(context.db(), context.actor(), slug, language)


def _changed(slug: str, language: str) -> Response:
    return done(_url(slug, language), _("Somebody else changed it meanwhile. Nothing was done: look at it first."), "warning")


def _url(slug: str, language: str) -> str:
    return url_for("helpdesk.edit_article", slug=slug, language=language)
