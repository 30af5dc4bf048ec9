"""Passwords: argon2id with 19 MiB, two passes, one lane (26 ms here), and the criteria people can see."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash("a password that nobody has")

LONGEST = 200
CRITERIA: tuple[tuple[str, str], ...] = (
    ("length", "at least 10 characters"),
    ("upper", "a capital letter"),
    ("lower", "a small letter"),
    ("digit", "a number"),
)


def unmet_criteria(password: str) -> list[str]:
    """The keys of CRITERIA that a password does not meet."""
    met = {
        "length": 10 <= len(password) <= LONGEST,
        "upper": any(letter.isupper() for letter in password),
        "lower": any(letter.islower() for letter in password),
        "digit": any(letter.isdigit() for letter in password),
    }
    return [key for key, _ in CRITERIA if not met[key]]


def hash_password(password: str) -> str:
    """The argon2id hash that is stored."""
    return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """True when the password is right. Takes as long for an account that does not exist."""
    try:
        return _hasher.verify(password_hash or _nobody, password[:LONGEST]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
