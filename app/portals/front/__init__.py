"""The front door, the proof check, health endpoints."""

import importlib
import pkgutil

from app.portals.front.portal import portal

for _room in pkgutil.iter_modules(__path__):
    if _room.name != "portal":
        importlib.import_module(f"{__name__}.{_room.name}{'.views' if _room.ispkg else ''}")

__all__ = ["portal"]
