"""A portal's rooms: each folder beside its portal.py has a views module that declares its pages."""

import importlib
import pkgutil
from importlib.util import find_spec


def open_rooms(name: str, path: list[str]) -> None:
    """Import the views of a portal's package and of every room in it."""
    for room in pkgutil.iter_modules(path):
        views = f"{name}.{room.name}.views" if room.ispkg else f"{name}.views"
        if find_spec(views):
            importlib.import_module(views)
