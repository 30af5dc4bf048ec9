"""The texts that are signed: what they promise, in both languages, and that no published text ever changes."""

import hashlib
import re
from pathlib import Path

import pytest

from app.domain.enrollment.agreements import (
    DOCUMENTS,
    LANGUAGES,
    PROVIDER_AGREEMENT,
    REDISTRIBUTION_AGREEMENT,
    STORAGE_ATTESTATION,
    Shelf,
    UnknownText,
    current,
    read,
    text_of,
)

pytestmark = pytest.mark.once

PUBLISHED = {
    (PROVIDER_AGREEMENT, 1, "en"): "a17a2d118c950e90d3b5eb077441b6ae76c6045330a0808d30034303e8eddf8f",
    (PROVIDER_AGREEMENT, 1, "es"): "0f44022848e9d5c1410b529f2b47b1e3d623b1c101d08c819ec8b99853b97310",
    (REDISTRIBUTION_AGREEMENT, 1, "en"): "397eee40b81658ca9b55a0bd4294615164af57dcb2a883c02443e72d8adf0d96",
    (REDISTRIBUTION_AGREEMENT, 1, "es"): "5569af43427d2265ce1f813d383fa7f79b2c4ab3f4beeb15e2d97cdbc7aef91a",
    (STORAGE_ATTESTATION, 1, "en"): "9e1a131182e793c17dedc7380ebde3acfbfe9bdf1fd2e5fde1aa70885c8721b4",
    (STORAGE_ATTESTATION, 1, "es"): "0c1b7ce693ca295cbe34693e0e1b4da05b1ee2e67b6b048466574b462fa75e71",
}
"""Somebody may have signed these. A change of the text is a new version and a new line here."""


@pytest.mark.parametrize("published", PUBLISHED)
def test_a_published_text_stays_as_it_was_and_can_be_read_for_ever(published: tuple[str, int, str]) -> None:
    assert hashlib.sha256(text_of(*published).encode()).hexdigest() == PUBLISHED[published]
    assert read(*published).sha256 == PUBLISHED[published]


def test_every_text_of_the_shelf_is_published() -> None:
    folder = Path(__file__).parents[3] / "app/domain/enrollment/agreements"
    assert len(list(folder.glob("*.txt"))) == len(PUBLISHED)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_document_says_the_same_in_both_languages(document: str) -> None:
    english, spanish = (current(document, language) for language in LANGUAGES)
    assert english.version == spanish.version
    assert [(part.kind, part.number) for part in english.paragraphs] == [
        (part.kind, part.number) for part in spanish.paragraphs
    ]
    for ours, theirs in zip(english.paragraphs, spanish.paragraphs, strict=True):
        assert ours.text != theirs.text
        assert re.findall(r"\d+", ours.text) == re.findall(r"\d+", theirs.text)
        assert len(theirs.text) < 2 * len(ours.text) + 20


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_a_title_conditions_counted_from_one_and_no_leftover_marks(document: str, language: str) -> None:
    agreement = current(document, language)
    assert agreement.heading
    assert [part.number for part in agreement.conditions] == list(range(1, len(agreement.conditions) + 1))
    for part in agreement.paragraphs:
        assert not part.text.startswith(("#", "-", "*"))
        assert "\n" not in part.text
        assert part.kind == "heading" or part.text.endswith((".", ":"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, ("CDC", "ACIP")),
        (2, ("24 hours", "72 hours", "3 years")),
        (3, ("neither sell",)),
        (4, ("whether or not they can pay",)),
        (5, ("fact sheet", "vaccine information statement", "Before each dose")),
        (6, ("safely", "guidance")),
        (7, ("cold chain", "chain of custody", "temperature", "at all times", "expires", "3 years")),
        (8, ("not used, spoiled, expired or wasted",)),
        (9, ("dispose",)),
        (10, ("VAERS", "mistakes in giving it")),
        (11, ("vaccination record card",)),
        (12, ("emergency use authorization", "conditions")),
        (13, ("every day", "once a day")),
    ],
)
def test_the_provider_agreement_holds_the_thirteen_conditions_of_the_program(
    number: int, words: tuple[str, ...]
) -> None:
    conditions = current(PROVIDER_AGREEMENT, "en").conditions
    assert len(conditions) == 13
    for word in words:
        assert word in conditions[number - 1].text


def test_the_redistribution_agreement_asks_for_approval_cold_chain_and_enrolled_receivers() -> None:
    text = current(REDISTRIBUTION_AGREEMENT, "en").text
    for words in ("with the state's approval", "within our organization", "complete and approved enrollment of its own",
                  "validated", "not a way to build up stock"):  # fmt: skip
        assert words in text


def test_the_attestation_names_the_three_temperature_ranges_and_the_pictures() -> None:
    text = current(STORAGE_ATTESTATION, "en").text
    for words in ("between 2 and 8 °C", "between -25 and -15 °C", "between -80 and -60 °C", "pictures"):
        assert words in text


def a_shelf(folder: Path, *names: str) -> Shelf:
    for name in names:
        (folder / name).write_text(f"# Title of {name}\n\n## Part\n\nWords.\n\n1. A promise.\n", encoding="utf-8")
    return Shelf(folder)


def test_a_new_version_is_in_force_once_it_is_there_in_both_languages(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path, "storage-9.en.txt", "storage-9.es.txt", "storage-10.en.txt")
    assert shelf.current(STORAGE_ATTESTATION, "en").version == 9
    shelf = a_shelf(tmp_path, "storage-10.es.txt")
    newest = shelf.current(STORAGE_ATTESTATION, "es")
    assert (newest.version, newest.heading) == (10, "Title of storage-10.es.txt")
    assert shelf.read(STORAGE_ATTESTATION, 9, "es").heading == "Title of storage-9.es.txt"
    assert shelf.versions(STORAGE_ATTESTATION) == (9, 10)


def test_the_digest_is_the_same_however_the_file_ends_its_lines(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path, "storage-1.en.txt", "storage-1.es.txt")
    before = shelf.current(STORAGE_ATTESTATION, "en").sha256
    path = tmp_path / "storage-1.en.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert shelf.current(STORAGE_ATTESTATION, "en").sha256 == before
    path.write_bytes(path.read_bytes().replace(b"promise", b"premise"))
    assert shelf.current(STORAGE_ATTESTATION, "en").sha256 != before


def test_whoever_reads_another_language_is_shown_english() -> None:
    assert current(PROVIDER_AGREEMENT, "fr").language == "en"


@pytest.mark.parametrize("asked", [("lease", 1, "en"), (PROVIDER_AGREEMENT, 99, "en"), (PROVIDER_AGREEMENT, 1, "fr"),
                                   (PROVIDER_AGREEMENT, 1, "../en")])  # fmt: skip
def test_a_text_that_there_never_was_is_not_found(asked: tuple[str, int, str]) -> None:
    with pytest.raises(UnknownText):
        text_of(*asked)


def test_an_empty_shelf_has_nothing_to_sign(tmp_path: Path) -> None:
    with pytest.raises(UnknownText):
        Shelf(tmp_path).current(PROVIDER_AGREEMENT, "en")
    with pytest.raises(UnknownText):
        current("lease", "en")
