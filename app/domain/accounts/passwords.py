"""Passwords: argon2id with 19 MiB, two passes, one lane (26 ms here), the criteria people can see, and no easy ones."""

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash("a password that nobody has")

LONGEST = 200
LOOKED_AT = 72
"""Letters of a password that are looked at for being easy: what follows only makes it harder."""
EASY = 10_000_000
"""A password that is found within so many guesses, the likeliest first, is refused."""
_OURS = ("covid", "covid19", "vaccine", "vaccination", "cvms", "moderna", "pfizer", "janssen")
CRITERIA: tuple[tuple[str, str], ...] = (
    ("length", "at least 10 characters"),
    ("upper", "a capital letter"),
    ("lower", "a small letter"),
    ("digit", "a number"),
)


def unmet_criteria(password: str, about: Iterable[str | None] = ()) -> list[str]:
    """The keys of CRITERIA that a password does not meet; `easy` for one that meets them and is soon guessed.

    `about`: names and addresses of its owner, which are guessed first.
    """
    met = {
        "length": 10 <= len(password) <= LONGEST,
        "upper": any(letter.isupper() for letter in password),
        "lower": any(letter.islower() for letter in password),
        "digit": any(letter.isdigit() for letter in password),
    }
    unmet = [key for key, _ in CRITERIA if not met[key]]
    return unmet or (["easy"] if is_easy(password, about) else [])


def is_easy(password: str, about: Iterable[str | None] = ()) -> bool:
    """True for what many people choose, with years, signs and letters put in place of others: 30,000 passwords are known."""
    from zxcvbn import zxcvbn  # reads its lists, which takes 30 ms: only where a password is chosen

    parts = [part for text in about if text for part in (text, *text.replace("@", " ").replace(".", " ").split())]
    return int(zxcvbn(password[:LOOKED_AT], user_inputs=[*_OURS, *parts])["guesses"]) < EASY


def hash_password(password: str) -> str:
    """The argon2id hash that is stored."""
    return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """True when the password is right. Takes as long for an account that does not exist."""
    try:
        return _hasher.verify(password_hash or _nobody, password[:LONGEST]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
