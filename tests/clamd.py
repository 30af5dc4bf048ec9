"""A server in the test process that speaks the protocol of ClamAV's daemon, and knows one harmful text."""

import contextlib
import socket
import struct
import threading
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
"""The text that all scanners find and that harms nobody; in pieces, so that they do not find it in this file."""
SIGNATURE = "Eicar-Test-Signature"


class Clamd:
    """Finds what holds EICAR; `seen` are the files that came. `says` answers every file; `wait` is done before each answer."""

    def __init__(self, folder: Path) -> None:
        self.seen: list[bytes] = []
        self.says: bytes | None = None
        self.wait = threading.Event()
        self.wait.set()
        self._path = folder / "clamd.ctl"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self._path))
        self._listening.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"unix://{self._path}"

    def stop(self) -> None:
        """End, and leave nobody waiting. Whoever calls afterwards finds nobody."""
        self.wait.set()
        if self._path.exists():
            self._path.unlink()
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                calling, _address = self._listening.accept()
            except OSError:
                return
            with calling:
                self._talk(calling)

    def _talk(self, calling: socket.socket) -> None:
        with calling.makefile("rb") as asked:
            if asked.readline() != b"nINSTREAM\n":
                calling.sendall(b"UNKNOWN COMMAND\n")
                return
            file = b""
            while piece := struct.unpack("!L", asked.read(4))[0]:
                file += asked.read(piece)
        self.seen.append(file)
        self.wait.wait()
        found = f"stream: {SIGNATURE} FOUND\n".encode() if EICAR in file else b"stream: OK\n"
        with contextlib.suppress(OSError):  # whoever asked may not have waited so long
            calling.sendall(found if self.says is None else self.says)
