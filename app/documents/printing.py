"""What all printed documents share: the templates in a language, and how days and moments are written in it."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

SOURCE_LOCALE = "en"

_APP = Path(__file__).resolve().parents[1]
PRINT = _APP / "templates" / "print"
TRANSLATIONS = _APP / "translations"


@lru_cache(maxsize=8)
def language(locale: str) -> tuple[Environment, str, Callable[[str], str]]:
    """The templates in a language, its code for dates and the document, and its words.

    A `locale` without a catalogue falls back to English, and the code says so.
    """
    translations = Translations.load(TRANSLATIONS, [locale])
    # Babel answers NullTranslations where it finds no catalogue.
    lang = locale if isinstance(translations, Translations) else SOURCE_LOCALE
    return templates_in(translations, lang), lang, translations.gettext


def templates_in(translations: NullTranslations, lang: str) -> Environment:
    """The templates of documents, speaking with these words and writing dates as `lang` does."""
    environment = Environment(
        loader=FileSystemLoader(PRINT),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["day"] = lambda value: day(value, lang)
    environment.filters["moment"] = lambda value, zone: moment(value, zone, lang)
    return environment


def day(value: date, lang: str) -> str:
    """Mar 10, 2021."""
    return format_date(value, "medium", locale=lang)


def moment(value: datetime, zone: ZoneInfo, lang: str) -> str:
    """Mar 10, 2021, 10:00:05 AM EST: a moment to the second, in this zone."""
    local = value.astimezone(zone)
    time = format_time(local, "long", tzinfo=zone, locale=lang).replace("\u202f", " ")
    return f"{day(local, lang)}, " + time.replace(" ", "\u00a0")
