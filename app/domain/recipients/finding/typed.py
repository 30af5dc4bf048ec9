"""What somebody typed into the one box, taken apart: words, days of birth, addresses of mail, numbers and codes."""

import re
from dataclasses import dataclass
from datetime import date

from app.domain.accounts.names import fold_name
from app.infra.search import fold

LONGEST, MOST_WORDS = 200, 5
FEWEST_OF_PHONE = 6
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_AMERICAN = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)|(?<!\d)(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)")
_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
# The 1 of the country stands apart, or before all ten digits: 1950 27514 is a year of birth and a ZIP code.
_COUNTRY = r"(?:\+1[\s.-]?|1[\s.-]|1(?=\(|\d{10}(?!\d)))?"
_PHONE = re.compile(r"(?<![\w-])" + _COUNTRY + r"\(?\d{3}\)?[\s.-]?\d{3}(?:[\s.-]?\d{0,4})(?![\w-])")
_LONG_ZIP = re.compile(r"(?<![\w-])(\d{5})-\d{4}(?![\w-])")
_CODE = re.compile(r"(?<![\w-])[A-Z0-9]{8,10}(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """`words` are folded; `phone` is its first digits, `tail` the last four of one, `zip` five digits, `year` of birth.

    `codes` may be codes of records, `user_name` a name to sign in with; what may be one may be a word as well.
    """

    words: tuple[str, ...] = ()
    birth_date: date | None = None
    email: str = ""
    phone: str = ""
    tail: str = ""
    zip: str = ""
    year: int = 0
    codes: tuple[str, ...] = ()
    user_name: str = ""

    @property
    def kinds(self) -> list[str]:
        """By what was looked for, for the access log, which keeps no values."""
        told = {
            "name": self.words, "birth date": self.birth_date or self.year, "e-mail": self.email,
            "phone": self.phone or self.tail, "ZIP code": self.zip, "code": self.codes,
        }  # fmt: skip
        return [kind for kind, value in told.items() if value]


def take_apart(text: str) -> Typed:
    """Never fails: what cannot be understood as anything else is a word."""
    rest = text[:LONGEST]
    codes = tuple(code.upper() for code in _CODE.findall(rest))
    rest, email = _cut(_MAIL, rest)
    rest, born = _birth_date(rest)
    rest, phone = _cut(_PHONE, _LONG_ZIP.sub(r"\1", rest))
    digits = "".join(sign for sign in phone if sign.isdigit())
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    words, numbers = [], {"tail": "", "zip": "", "phone": digits[:10], "year": ""}
    for word in fold(rest).split():
        kind = _kind_of_number(word)
        if kind:
            numbers[kind] = numbers[kind] or word[:10]
        else:
            words.append(word)
    return Typed(
        tuple(words[:MOST_WORDS]), born, fold_name(email) if email else "", numbers["phone"], numbers["tail"],
        numbers["zip"], int(numbers["year"] or 0), codes,
        "" if " " in text.strip() else fold_name(text[:LONGEST]),
    )  # fmt: skip


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.search(text)
    return (text[: found.start()] + " " + text[found.end() :], found.group()) if found else (text, "")


def _birth_date(text: str) -> tuple[str, date | None]:
    """Year first as in 1956-03-02, or month first as in 3/2/1956."""
    for pattern, american in ((_ISO, False), (_AMERICAN, True)):
        found = pattern.search(text)
        if found is None:
            continue
        first, second, third = (int(part) for part in found.groups() if part is not None)
        try:
            day = date(third, first, second) if american else date(first, second, third)
        except ValueError:
            continue
        return text[: found.start()] + " " + text[found.end() :], day
    return text, None


def _kind_of_number(word: str) -> str:
    if not (word.isascii() and word.isdigit()):
        return ""
    if len(word) == 4:
        return "year" if word[:2] in {"19", "20"} and word < "2100" else "tail"
    if len(word) == 5:
        return "zip"
    return "phone" if len(word) >= 3 else ""
