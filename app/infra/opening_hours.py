"""Opening hours as a line of text in a language."""

from collections.abc import Iterator, Mapping
from datetime import time

from babel import Locale
from babel.dates import format_time, get_day_names

Hours = Mapping[int, tuple[time, time]]
_WORDS = {"en": (" to ", " and ", " "), "es": (" a ", " y ", " de ")}
_LOCALES = {"en": Locale("en"), "es": Locale("es", "US")}
_MANY = 3


def in_words(hours: Hours, language: str) -> str:
    """Hours by weekday (0 is Monday; closed where missing) as a line of text in English or Spanish."""
    language = language if language in _WORDS else "en"
    to, also, at = _WORDS[language]
    names, until = get_day_names("wide", locale=_LOCALES[language]), " a " if language == "es" else " – "
    parts = []
    for days, (start, end) in _runs(hours):
        joined = also if len(days) < _MANY else to
        named = names[days[0]] if len(days) == 1 else f"{names[days[0]]}{joined}{names[days[-1]]}"
        parts.append(f"{named}{at}{_clock(start, language)}{until}{_clock(end, language)}")
    return ", ".join(parts)


def _runs(hours: Hours) -> Iterator[tuple[list[int], tuple[time, time]]]:
    """Days in a row with the same hours."""
    run: list[int] = []
    for day in sorted(hours):
        if run and (day != run[-1] + 1 or hours[day] != hours[run[0]]):
            yield run, hours[run[0]]
            run = []
        run.append(day)
    if run:
        yield run, hours[run[0]]


def _clock(moment: time, language: str) -> str:
    pattern = "h a" if not moment.minute else "h:mm a"
    said = format_time(moment, pattern, locale=_LOCALES[language]).replace("\u202f", " ").replace("\xa0", " ")
    return said.lower()
