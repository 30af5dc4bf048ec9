"""Whom the reader of a page turns to: the installation's settings with what the state decided in their place."""

from typing import cast

from flask import g, request

from app.config import Settings
from app.domain.program.support import OF_PORTALS
from app.domain.program.supported import supported
from app.web import context


def program(audience: str | None = None) -> Settings:
    """The settings with telephone, hours and sender for an audience; None: of the portal of this page."""
    whose = audience or OF_PORTALS.get(request.blueprint or "", "everybody")
    known = cast("dict[str, Settings]", g.setdefault("supported", {}))
    if whose not in known:
        known[whose] = supported(context.db(), context.settings(), whose, context.today())
    return known[whose]
