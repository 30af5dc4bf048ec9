"""From what somebody holds out, typed text or a file, to the codes and cards in it. Nothing of it is kept."""

import json
from urllib.parse import unquote

from flask import abort, g, request

from app.domain.accounts import attempts
from app.domain.vaccinations.proof_codes import read_code
from app.infra import codes_in_files
from app.infra.health_cards.digits import token_of
from app.portals.front.proof import throttle
from app.web import context

_MOST_CARDS = 10
_LONGEST_CARD_FILE = 300_000


def read_file_first() -> None:
    """Look for codes in the file of a POST, which takes half a second, before the database is asked anything.

    For `first` of a Portal's action; `texts_in_file` finds what came of it.
    """
    file = request.files.get("file")
    if not file or not file.filename:
        return
    with context.database().reading() as session:
        blocked = attempts.blocked(
            session, throttle.WHAT, context.client_address(), limit=throttle.MISSES, within=throttle.WINDOW,
            now=context.now(),
        )  # fmt: skip
    if blocked:
        abort(429)
    data = file.read(codes_in_files.MOST_BYTES + 1)
    try:
        g.texts_read = _card_file(data) if data[:1] == b"{" else codes_in_files.codes_in(data)
    except (codes_in_files.UnreadableFile, codes_in_files.Busy) as error:
        g.texts_read = error


def texts_in_file() -> list[str] | None:
    """The texts of the codes in the file; None when none was sent. Raises UnreadableFile and Busy."""
    texts = g.pop("texts_read", None)
    if isinstance(texts, Exception):
        raise texts
    return texts


def cards_among(texts: list[str]) -> list[str]:
    """The health cards among them, as signed texts."""
    found = dict.fromkeys(token for text in texts if (token := _card(text)))
    return list(found)[:_MOST_CARDS]


def code_among(texts: list[str]) -> str | None:
    """The first code of a proof of ours, typed or as the address that is printed."""
    return next((code for text in texts if (code := read_code(_code_in(text)))), None)


def looks_like_a_card(text: str) -> bool:
    """True for a text that was meant as one, whole or not."""
    return text.lower().startswith(("shc:", "ey"))


def _card(text: str) -> str | None:
    """A card from its code's digits, or the signed text itself, which some wallets let people copy."""
    plain = text.strip()
    return token_of(plain) or (plain if plain.startswith("ey") and plain.count(".") == 2 else None)


def _code_in(text: str) -> str:
    """The code of a code or of a whole address."""
    return unquote(text[:300]).strip().rpartition("/proof/")[2].split("?")[0].split("#")[0]


def _card_file(data: bytes) -> list[str]:
    """The cards of a `.smart-health-card` file. Raises UnreadableFile."""
    try:
        cards = json.loads(data)["verifiableCredential"] if len(data) <= _LONGEST_CARD_FILE else None
    except (ValueError, RecursionError, KeyError) as error:
        raise codes_in_files.UnreadableFile from error
    if not isinstance(cards, list):
        raise codes_in_files.UnreadableFile
    return [card for card in cards[:_MOST_CARDS] if isinstance(card, str)]
