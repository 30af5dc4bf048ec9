"""An installation as a folder, taken while it runs, and put back whole or not at all. The keys are not in it."""

from app.infra.backup.manifest import BadBackup, Manifest
from app.infra.backup.restore import restore
from app.infra.backup.take import take

__all__ = ["BadBackup", "Manifest", "restore", "take"]
