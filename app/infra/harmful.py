"""Files that people send, looked through by ClamAV's daemon before anything of them is kept."""

from typing import IO
from urllib.parse import urlsplit

import structlog
from clamdpy import ClamdNetworkSocket, ClamdUnixSocket
from clamdpy.exceptions import BufferTooLongError, ClamdException

from app.infra import metrics

log = structlog.get_logger()

SECONDS = 20.0
"""For each step of a talk with the daemon. A web worker waits so long, and no transaction is open meanwhile."""
AT_LEAST = 25 * 1024 * 1024
"""So many bytes Debian's daemon takes (StreamMaxLength), and mails that come in may have."""
_BEYOND_LIMITS = "Heuristics.Limits.Exceeded"
"""What the daemon says it found in a file that it looked through in part (AlertExceedsMax)."""
_PORT = 3310
_PIECE = 64 * 1024


class NotScanned(Exception):
    """A file could not be looked through. `why`: silent (no daemon, no answer in time, an error there), too_large."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Scanner:
    """A daemon at `unix:///path` or `tcp://host:port`, which is sent files of at most `most_bytes`."""

    def __init__(self, url: str, *, most_bytes: int = AT_LEAST, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        self.most_bytes, self.seconds = max(most_bytes, AT_LEAST), seconds
        self._daemon = (
            ClamdUnixSocket(parts.path, timeout=seconds, max_chunk_size=_PIECE)
            if parts.scheme == "unix"
            else ClamdNetworkSocket(parts.hostname or "", parts.port or _PORT, seconds, _PIECE)
        )

    def find(self, file: IO[bytes]) -> str | None:
        """What is harmful in a file, by the daemon's name for it; None where nothing is. The file is wound back.

        Raises NotScanned. Both are logged, without the file's name.
        """
        size = file.seek(0, 2)
        file.seek(0)
        try:
            found = self._ask(file, size)
        except NotScanned as failed:
            metrics.count_refused_file(failed.why)
            raise
        finally:
            file.seek(0)
        if found:
            metrics.count_refused_file("harmful")
            log.warning("upload.harmful", found=found, bytes=size)
        return found

    def _ask(self, file: IO[bytes], size: int) -> str | None:
        if size > self.most_bytes:
            raise _too_large(size)
        try:
            answer = self._daemon.instream(file)
        except BufferTooLongError as error:
            raise _too_large(size) from error
        except (ClamdException, OSError, ValueError) as error:
            log.error("upload.not_scanned", why="silent", bytes=size, error=type(error).__name__, told=_told(error))
            raise NotScanned("silent") from error
        if answer.status == "ERROR":
            log.error("upload.not_scanned", why="silent", bytes=size, error="answer", told=answer.reason)
            raise NotScanned("silent")
        if answer.status == "FOUND" and (answer.reason or "").startswith(_BEYOND_LIMITS):
            raise _too_large(size)
        return (answer.reason or "unnamed") if answer.status == "FOUND" else None


def _too_large(size: int) -> NotScanned:
    log.warning("upload.not_scanned", why="too_large", bytes=size)
    return NotScanned("too_large")


def _told(error: Exception) -> str:
    """What the library says, which names the daemon's address and never a file."""
    return str(getattr(error, "error", None) or getattr(error, "msg", None) or error)[:200]


def scanner_at(url: str | None, *, most_bytes: int) -> Scanner | None:
    """The scanner of an installation; None where it has none."""
    return Scanner(url, most_bytes=most_bytes) if url else None
