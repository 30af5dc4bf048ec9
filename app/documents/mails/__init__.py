"""Mails as text: the first line of a template is the subject."""

from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_ROOT = Path(__file__).parents[2]

IN_ENGLISH_ONLY = (
    *("enrollment_", "invitation_organization_contact", "invitation_provider_user", "invitation_staff"),
    *("account_asleep", "account_sleep_near", "health_answers_opened"),
    *("location_granted", "notice_staff", "stock_warnings", "transfer_moved", "upload_finished", "vaccine_recalled"),
)
"""How the names of the mails to staff begin, as their portals do not speak other languages."""


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_ROOT / "templates"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"], autoescape=False,  # noqa: S701 - plain text, never HTML
    )  # fmt: skip
    translations = Translations.load(_ROOT / "translations", [language]) if language != "en" else NullTranslations()
    environment.globals["language"] = language
    environment.filters["day"] = lambda day: format_date(day, "medium", locale="es_US" if language == "es" else language)
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return environment


def write_mail(template: str, context: dict[str, Any], *, language: str = "en") -> tuple[str, str]:
    """Subject and text of a mail. Names in it lose their line breaks, so that nobody writes a paragraph into it."""
    if Path(template).name.startswith(IN_ENGLISH_ONLY):
        language = "en"
    text = _environment(language).get_template(template).render(**context)
    first, _, body = text.lstrip().partition("\n")
    return first.removeprefix("Subject:").strip(), body.strip() + "\n"
