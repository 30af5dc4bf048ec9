"""What a nurse need not choose again until sign-out: the last lot, place on the body and clinician."""

from typing import Any
from uuid import UUID

from flask import session as cookie

from app.domain.vaccinations.administer_dose import AdministerDose
from app.web.context import account

_KEY = "clinic"


def defaults(location_id: UUID, lot: str | None) -> dict[str, Any]:
    """Values to begin the next dose with. `lot`: the one asked for, if one is.

    The signed-in person gives the dose unless another one gave the last.
    """
    kept = cookie.get(_KEY, {})
    mine = kept if kept.get("of") == _owner(location_id) else {}
    return {
        "lot": lot or mine.get("lot"),
        "site": mine.get("site", "LD"),
        "clinician_name": mine.get("name", account().full_name),
        "clinician_suffix": mine.get("suffix", "RN"),
    }


def remember(command: AdministerDose) -> None:
    """Keep the choices of the dose just given until sign-out."""
    cookie[_KEY] = {
        "of": _owner(command.location_id),
        "lot": str(command.lot_id),
        "site": command.site,
        "name": command.clinician_name,
        "suffix": command.clinician_suffix,
    }


def _owner(location_id: UUID) -> str:
    return f"{account().id}@{location_id}"
