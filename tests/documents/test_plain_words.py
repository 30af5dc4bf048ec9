"""What recipients read is in plain words: the grade of school that it takes, by Flesch and Kincaid, is eight at most."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app" / "translations" / "es" / "LC_MESSAGES" / "messages.po"
MOST = 8.0
ENOUGH = 8  # words; less is a label


def syllables(word: str) -> int:
    """As heard, roughly: groups of vowels, without a silent e."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee"))
    return max(1, groups - silent)


def grade(text: str) -> float:
    """The grade of school that reading it takes; formula of J. P. Kincaid and others, 1975."""
    words = re.findall(r"[A-Za-z’'-]+", text)
    sentences = len(re.findall(r"[.!?:;](?=\s|$)", text)) or 1
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def told() -> dict[str, list[str]]:
    """Sentences for recipients, by the file that says them."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    found = defaultdict(list)
    for message in catalogue:
        text = re.sub(r"%\(\w+\)s|\{\w+\}", "it", message.id if isinstance(message.id, str) else message.id[-1])
        if len(text.split()) >= ENOUGH:
            for path, _ in message.locations or [("anywhere", 0)]:
                found[path].append(text if text[-1] in ".!?:" else f"{text}.")
    return found


@pytest.mark.once
def test_recipients_read_plain_words():
    found = told()
    assert sum(map(len, found.values())) > 100
    hard = {path: round(grade(" ".join(texts)), 1) for path, texts in found.items() if grade(" ".join(texts)) > MOST}
    assert hard == {}


@pytest.mark.once
def test_long_words_are_noticed():
    assert grade("The cat sat on the mat. It was glad.") < 2
    assert grade("Immunization information systems consolidate administrative documentation.") > 15
