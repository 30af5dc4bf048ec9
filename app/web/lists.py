"""The state's lists on pages: those of the day hold for every request, and labels are in the page's language."""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

from flask import Flask, g
from flask_babel import gettext as _

from app.domain.program.decide_list import decisions_on
from app.domain.program.living import lists_in_force
from app.web import context, languages
from app.web.forms import choices


def install(app: Flask) -> None:
    """Each request works with the lists of its day; they are read when the first of them is asked for."""
    app.before_request(_begin)
    app.teardown_request(_end)


def label_of(entry: Any) -> str:
    """An entry's label in the page's language: as the state wrote it, else as the catalogue has it."""
    spanish: str = getattr(entry, "label_es", None) or ""
    return spanish if spanish and languages.current() == "es" else str(_(entry.label))


def offered(entries: Iterable[Any], empty: Any = None) -> list[Any]:
    """The choices of a field from a list as it stands now."""
    return choices([(entry.code, label_of(entry)) for entry in entries], empty)


def _begin() -> None:
    stack = g.lists = ExitStack()
    stack.enter_context(lists_in_force(lambda: decisions_on(context.db(), context.today())))


def _end(_error: BaseException | None = None) -> None:
    stack = g.pop("lists", None)
    if stack is not None:
        stack.close()
