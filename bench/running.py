"""The program as it is run: `make run` with its demonstration, on a port of its own. Kept in instance/bench/<name>."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.servers import CACHE

PATIENCE = 1200


@dataclass(frozen=True)
class Running:
    """Where it is, and who may sign in: `portal`, `username`, `password` of each."""

    url: str
    users: list[dict[str, Any]]


@contextmanager
def demonstration(name: str) -> Iterator[Running]:
    """Web server and worker on 127.0.0.1, ended afterwards. Raises TimeoutError where it does not come up."""
    folder = (CACHE / name).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"PORT": str(port), "CVMS_INSTANCE": str(folder), "PUBLIC_URL": url, "CVMS_DEMO_SIZE": "0.3"}
    subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", "app/static"], check=True)
    process = subprocess.Popen([sys.executable, "scripts/run.py"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(process, url)
        yield Running(url, json.loads((folder / "demo.json").read_text())["users"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"{url} did not come up")
