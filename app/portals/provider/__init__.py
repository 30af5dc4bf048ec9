"""The pages of the provider portal, one room for each cluster."""

import importlib
import pkgutil

from app.portals.provider.portal import portal

for _room in pkgutil.iter_modules(__path__):
    if _room.name != "portal":
        importlib.import_module(f"{__name__}.{_room.name}{'.views' if _room.ispkg else ''}")

__all__ = ["portal"]
