"""Pictures as they come in with a form: checked, kept, or refused beside the field.

A good picture that came with a form that has mistakes is kept at once, and its sealed key travels in the form: nobody
chooses it a second time.
"""

from typing import IO, Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _

from app.infra.pictures import MOST_BYTES, UnusablePicture, prepare_picture
from app.portals.enrollment.units.forms import SIDES, UnitForm
from app.web import context
from app.web.forms import add_error
from app.web.sealed import seal, unseal

KIND = "pictures"
MOST_BODY_BYTES = 128 * 1024 * 1024
"""Both pictures as cameras take them, and room to say kindly of one of 50 MB that it is too large."""


def take_pictures(form: UnitForm, enrolled_location_id: UUID) -> dict[str, str | None]:
    """The storage key of each side's picture; None where there is none. Refusals are told beside the fields."""
    if g.get("csrf_failed"):
        return dict.fromkeys(SIDES)
    return {side: _take(form, side, str(enrolled_location_id)) for side in SIDES}


def kept_sides(form: UnitForm) -> set[str]:
    """The sides whose picture is kept already, although the form was shown again."""
    return {side for side in SIDES if form[f"{side}_kept"].data}


def refusal_text(refused: UnusablePicture) -> str:
    """Why a picture is not taken, and what to do."""
    return " ".join(_(sentence) % facts for sentence, facts in refused.parts)


def _take(form: UnitForm, side: str, place: str) -> str | None:
    control, kept = form[side], form[f"{side}_kept"]
    told = unseal(kept.data or "", "key", "place")
    key = told["key"] if told and told["place"] == place else None
    if control.data:
        try:
            key = context.storage().put(KIND, prepare_picture(_read(control.data.stream)))
        except UnusablePicture as refused:
            add_error(control, refusal_text(refused))
    kept.data = seal({"key": key, "place": place}) if key else ""
    return key


def _read(stream: IO[Any]) -> bytes:
    """What was sent; a file that is much too large is not read. Raises UnusablePicture."""
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > MOST_BYTES:
        megabytes = 1024 * 1024
        raise UnusablePicture("too_big", size_mb=str(-(-size // megabytes)), limit_mb=str(MOST_BYTES // megabytes))
    return bytes(stream.read())
