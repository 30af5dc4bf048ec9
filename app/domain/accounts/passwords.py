"""Passwords: argon2id with 19 MiB, two passes, one lane (26 ms here), long ones, and no easy ones.

No kinds of letters are asked for: NIST SP 800-63B, 5.1.1.2, and OWASP ASVS 4.0.3, 2.1.1, 2.1.2 and 2.1.9.
"""

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash("a password that nobody has")

LEAST, LONGEST = 12, 128
READ = 200
"""So much of what is typed at a sign-in is looked at."""
LOOKED_AT = 72
"""Letters of a password that are looked at for being easy: what follows only makes it harder."""
EASY = 100_000_000
"""A password that is found within so many guesses, the likeliest first, is refused: what zxcvbn scores below three of four."""
_OURS = ("covid", "covid19", "vaccine", "vaccination", "cvms", "moderna", "pfizer", "janssen")


def unmet_criteria(password: str, about: Iterable[str | None] = ()) -> list[str]:
    """What a password misses: `length` for one of other than LEAST to LONGEST characters, else `easy` for one that is soon guessed.

    `about`: names and addresses of its owner, which are guessed first.
    """
    if not LEAST <= len(password) <= LONGEST:
        return ["length"]
    return ["easy"] if is_easy(password, about) else []


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
        return _hasher.verify(password_hash or _nobody, password[:READ]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
