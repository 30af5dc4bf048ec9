"""The QR codes in a picture or a PDF that a stranger sent.

Files of strangers are opened by a process of their own that may use little memory and time, and may write nothing: what a
decoder stumbles over ends that process and not ours.
"""

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

MOST_BYTES = 10 * 1024 * 1024
SECONDS = 15
_MEMORY = 1024 * 1024 * 1024
_AT_ONCE = BoundedSemaphore(2)
_PATIENCE = 5
_ROOT = Path(__file__).resolve().parents[2]


class UnreadableFile(Exception):
    """No picture or PDF that can be opened; `too_big` tells the one reason that a sender can do something about."""

    def __init__(self, *, too_big: bool = False) -> None:
        super().__init__()
        self.too_big = too_big


class Busy(Exception):
    """Others have their files read at this moment; a few seconds later there is room."""


def codes_in(data: bytes) -> list[str]:
    """The texts of the QR codes in a JPEG, PNG, WebP or PDF, of which the first pages are looked at.

    Raises UnreadableFile and Busy.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableFile(too_big=True)
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.infra.codes_in_files"], input=data, capture_output=True, timeout=SECONDS,
            cwd=_ROOT, env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile from error
    finally:
        _AT_ONCE.release()
    if done.returncode:
        raise UnreadableFile
    return [str(text) for text in json.loads(done.stdout)]


def _limit_ourselves() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> int:
    from app.infra import code_reader

    data = sys.stdin.buffer.read()
    _limit_ourselves()
    try:
        texts = code_reader.read_codes(data)
    except Exception:  # whatever a decoder stumbles over in a stranger's file
        return 1
    sys.stdout.write(json.dumps(texts))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
