"""What must be in an address and must not be readable there: names that somebody searched for, keys of lists of people.

A sealed text is encrypted and opens only for whom it was made, so that an address that was passed on tells nothing.
"""

import json
from collections.abc import Mapping

from flask import Response, make_response, redirect, request
from wtforms import StringField

from app.infra import crypto
from app.web import context
from app.web.forms import Form

_OWNER = "for"
LONGEST_NAME = 100


def seal(told: Mapping[str, str]) -> str:
    """A text for an address, different each time; `unseal` opens it for the same account."""
    return crypto.encrypt(json.dumps({**told, _OWNER: _owner()}).encode()).decode()


def unseal(text: str, *names: str) -> dict[str, str] | None:
    """What was sealed under exactly these names; None where it is damaged, made up, or somebody else's."""
    try:
        told = json.loads(crypto.decrypt(text.encode()))
    except (crypto.CannotDecrypt, ValueError):
        return None
    good = isinstance(told, dict) and told.pop(_OWNER, None) == _owner() and set(told) == set(names)
    return told if good else None


class NameSearch(Form):
    """A search for people by name: sent by POST, and answered at an address with the name sealed in `q`.

    `shown` are further fields, as they stand in the address.
    """

    name = StringField(filters=[lambda typed: (typed or "")[:LONGEST_NAME]])

    def __init__(self, **shown: str) -> None:
        told = unseal(request.args.get("q", ""), "name") or {}
        super().__init__(data={**told, **shown})

    @property
    def typed(self) -> str:
        """The name searched for; empty for everybody."""
        return self.name.data or ""

    def sealed(self) -> str | None:
        """For the address of the answer; None when no name was typed."""
        return seal({"name": self.typed}) if self.typed.strip() else None


def answer_at(url: str) -> Response:
    """Where the answer to a search is. htmx follows too, swaps it in, and shows its address.

    `go` would load a whole new page there and take the cursor away from somebody who is still typing.
    """
    return make_response(redirect(url, 303))


def _owner() -> str:
    account = context.find_account()
    return str(account.id) if account else ""
