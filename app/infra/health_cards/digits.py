"""The text of a card's QR code: `shc:/`, then two digits for each sign of the signed text."""

PREFIX = "shc:/"
_LOWEST = 45  # the code of "-", the lowest sign of base64url
_HIGHEST = 122  # of "z"
LONGEST_IN_ONE_CODE = 1195
"""Signs of a signed text that one code of version 22 holds; more would have to be split, which nobody reads any more."""


def digits_of(token: str) -> str:
    """The digits behind `shc:/`."""
    return "".join(f"{ord(sign) - _LOWEST:02d}" for sign in token)


def qr_text(token: str) -> str:
    """What a scanner reads from the code of this card."""
    return PREFIX + digits_of(token)


def token_of(text: str) -> str | None:
    """The signed text of what was scanned, in any case and with blanks; None where it is none, or only a part of one."""
    plain = "".join(text.split())
    if plain[: len(PREFIX)].lower() != PREFIX:
        return None
    digits = plain[len(PREFIX) :]
    if not digits or len(digits) % 2 or not digits.isascii() or not digits.isdecimal():
        return None
    codes = [int(digits[at : at + 2]) + _LOWEST for at in range(0, len(digits), 2)]
    if max(codes) > _HIGHEST:
        return None
    return "".join(map(chr, codes))
