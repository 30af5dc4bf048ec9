"""The code printed on a proof: 26 of Crockford's 32 signs, 130 random bits, no letters that look alike."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A new code, impossible to guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str | None:
    """The code that was typed, in any case, with spaces, dashes, O for 0, I or L for 1; None if it is none."""
    code = "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-‐‑–—._/")
    code = code.translate(_CONFUSED)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
