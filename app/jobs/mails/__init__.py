"""Every mail the system sends, by area."""

import importlib
import pkgutil

for _area in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_area.name}")
