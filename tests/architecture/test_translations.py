"""Whatever a recipient can see has good Spanish, and the files of the catalogue are as `make messages` writes them."""

import inspect
import re

import pytest

from app.web.languages import LANGUAGES
from app.web.portal import Portal
from scripts import messages

pytestmark = pytest.mark.once

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
LINK = re.compile(r"https?://|<[a-z/]")


def pairs():
    """(English, Spanish) of every sentence, of each plural form on its own."""
    for message in messages.kept():
        if isinstance(message.id, tuple):
            yield from zip(message.id, message.string, strict=True)
        elif message.id:
            yield message.id, message.string


def test_every_sentence_for_recipients_has_its_spanish():
    without = [message.id for message in messages.brought_up_to_date() if message.id and not messages.is_whole(message.string)]
    assert without == [], f"{len(without)} sentences have no Spanish: run make messages, and write it into messages.po"


def test_the_catalogue_holds_the_sentences_that_there_are_and_is_compiled_as_it_stands():
    """The files named beside a sentence may lag behind: they help whoever translates, and nobody else."""
    here = {message.id for message in messages.gathered()}
    assert {message.id for message in messages.kept() if message.id} == here - {""}, "run make messages"
    assert messages.MO.read_bytes() == messages.compiled(messages.PO.read_bytes()), "run make messages"
    assert str(messages.ROOT).encode() not in messages.PO.read_bytes()


def test_no_translation_loses_or_invents_a_placeholder():
    assert [
        (english, spanish) for english, spanish in pairs()
        if spanish and sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(spanish))
    ] == []  # fmt: skip


def test_translations_keep_how_a_sentence_begins_and_ends():
    """Spaces where sentences are joined, and the colon before what follows; questions are asked with both signs."""
    for english, spanish in pairs():
        if not spanish:
            continue
        assert english.startswith(" ") == spanish.startswith(" "), english
        assert english.endswith(" ") == spanish.endswith(" "), english
        assert english.rstrip().endswith("?") == spanish.rstrip().endswith("?"), english
        assert spanish.count("?") == spanish.count("¿"), spanish
        assert not LINK.search(spanish) or LINK.search(english), spanish


def test_people_are_spoken_to_as_usted():
    familiar = re.compile(r"\b(tú|tu|tus|te|ti|contigo|puedes|tienes|eres|estás|haz|necesitas|quieres)\b", re.I)
    assert [spanish for _english, spanish in pairs() if familiar.search(spanish)] == []


def test_every_page_that_speaks_spanish_is_read_by_the_catalogue(app):
    """A new room of a portal for recipients cannot be forgotten: its views and its templates are sources."""
    read = {path.relative_to(messages.ROOT).as_posix() for path, _method in messages.sources()}
    seen = set()
    for endpoint, view in app.view_functions.items():
        portal = app.blueprints.get(endpoint.split(".")[0])
        if not isinstance(portal, Portal) or portal.name not in {"front", "account", "recipient", "helpdesk", "kiosk"}:
            continue
        path = inspect.getsourcefile(inspect.unwrap(view)).removeprefix(f"{messages.ROOT}/")
        if "/helpdesk/desk" not in path:
            seen.add(path)
            used = set(re.findall(r'"([a-z_]+/[a-z_/]+\.html)"', (messages.ROOT / path).read_text()))
            seen |= {f"app/templates/{name}" for name in used if not name.startswith("gallery/")}
    assert len(seen) > 60
    assert seen - read == set()


def test_the_languages_that_can_be_chosen_are_those_that_are_there():
    assert set(LANGUAGES) == {"en", messages.LANGUAGE}
