"""Folding: how two spellings of one name come to be the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.search import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Food Lion", "food lion"),
        ("  FOOD   lion ", "food lion"),
        ("Café Zoë", "cafe zoe"),
        ("Łódź Bakery", "lodz bakery"),
        ("Smørrebrød", "smorrebrod"),
        ("Straße", "strasse"),
        ("O'Brien’s", "obriens"),
        ("AT&T, Inc.", "at t inc"),
        ("Hardin-Lee", "hardin lee"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("ǅungla", "dzungla"),
        ("日本 Imports", "日本 imports"),
        ("İstanbul", "istanbul"),
        ("snake_case", "snake case"),
        ("...", ""),
        ("", ""),
    ],
)
def test_spellings_meet_in_one_form(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_a_folded_text_has_no_case_and_no_spare_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded == folded.casefold()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz '-", max_size=40))
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper()) == fold(text.title()) == fold(text)
