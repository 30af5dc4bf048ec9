"""A health card as a file, as wallets and other systems take it in."""

import json


def card_file(token: str) -> bytes:
    """The bytes of a `.smart-health-card` file, `application/smart-health-card`."""
    return json.dumps({"verifiableCredential": [token]}).encode()
