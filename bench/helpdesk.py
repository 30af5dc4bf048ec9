"""Our help desk beside django-helpdesk: the bytes of the form, a request sent, the queue, a search; ours ÷ theirs.

Run: python -m bench helpdesk [cases [cases of the large search, 0 for none]]. Theirs is installed into an environment of
its own under instance/bench/, with pinned versions. Both run under gunicorn with SQLite, one process of four threads
each, and are asked in turn by the same client. Their queue and their results come in a second request, without which
the page is empty: both are counted. A request is sent when the page with its number is there; `post` is the same without
that page. Theirs mails the requester before it answers, to a mailbox of this machine that takes everything at once; ours
leaves the mail to its worker, which is not running. Each asks for compressed answers and keeps its connection, as
browsers do.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import rmtree
from statistics import median

from bench import helpdesk_cases, helpdesk_million
from bench.helpdesk_sites import Ours, Theirs
from bench.servers import CACHE

ROUNDS, WARM = 40, 4
FOLDER = Path(__file__).parent


def main(cases: int = 5_000, million: int = 1_000_000) -> dict[str, object]:
    """Measure; ratios below one say that ours is quicker or smaller."""
    found = side_by_side(cases)
    return found | (helpdesk_million.figures(million) if million else {})


def side_by_side(cases: int) -> dict[str, object]:
    """Both in the same run, asked in turn."""
    facts = list(helpdesk_cases.requests(cases))
    with ExitStack() as running:
        addresses = running.enter_context(serve_ours(cases)), running.enter_context(serve_theirs(facts))
        ours, theirs = Ours(addresses[0], facts), Theirs(addresses[1], facts)
        sites: dict[str, Ours | Theirs] = {"ours": ours, "theirs": theirs}
        sizes = {name: site.form_bytes() for name, site in sites.items()}
        figures: dict[str, object] = {f"form_bytes_{name}": size for name, size in sizes.items()}
        figures["form_bytes_ratio"] = round(sizes["ours"] / sizes["theirs"], 3)
        for act in ("submit", "post", "queue", "search"):
            spent = _in_turn({name: getattr(site, act) for name, site in sites.items()}, sites)
            print(f"{act:8} ours {spent['ours']:7.2f} ms, theirs {spent['theirs']:7.2f} ms")
            figures[f"{act}_ratio"] = round(spent["ours"] / spent["theirs"], 3)
            figures |= {f"{act}_{name}_ms": round(one, 2) for name, one in spent.items()}
    print(f"form     ours {sizes['ours']:,} bytes, theirs {sizes['theirs']:,} bytes on the first visit")
    return figures | {"cases": cases}


def _in_turn(acts: dict[str, Callable[[int], object]], sites: dict[str, Ours | Theirs]) -> dict[str, float]:
    """The median milliseconds of each, asked one after the other so that both feel what else the machine does."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(WARM + ROUNDS):
        for name, act in acts.items():
            if number % 15 == 0:
                sites[name].change_guest()
            started = time.perf_counter()
            act(number)
            times[name].append((time.perf_counter() - started) * 1000)
    return {name: median(taken[WARM:]) for name, taken in times.items()}


@contextmanager
def serve_ours(cases: int) -> Iterator[str]:
    """Our program on an empty folder, with so many cases."""
    folder = _empty("helpdesk-ours")
    environment = os.environ | {"CVMS_INSTANCE": str(folder.absolute()), "SECRET_KEY": "bench" * 8, "CVMS_DEMO": "0"}
    environment.pop("DATABASE_URL", None)
    filled = "from bench.helpdesk_sites import fill_ours; import sys; fill_ours(int(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", filled, str(cases)], env=environment, check=True)
    with _gunicorn(Path(sys.executable).parent, "wsgi:app", environment, Path.cwd()) as url:
        yield url


@contextmanager
def serve_theirs(facts: list[helpdesk_cases.Facts]) -> Iterator[str]:
    """Theirs, installed where it is missing, on an empty folder with the same requests."""
    programs = _install()
    folder, mailbox = _empty("helpdesk-theirs"), _Mailbox()
    environment = {
        "PATH": os.environ["PATH"], "HELPDESK_DATA": str(folder.absolute()),
        "HELPDESK_SMTP_PORT": str(mailbox.port), "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": str((FOLDER / "helpdesk_theirs").absolute()),
    }  # fmt: skip
    lines = "\n".join(json.dumps(one | {"asked": helpdesk_cases.ASKED}) for one in facts)
    subprocess.run(
        [programs / "python", FOLDER / "helpdesk_theirs" / "fill.py"], env=environment, input=lines, text=True, check=True
    )
    with _gunicorn(programs, "django.core.wsgi:get_wsgi_application()", environment, folder) as url:
        yield url


class _Mailbox:
    """A mail server of this machine that takes everything without looking at it, as fast as one can."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            caller, _address = self._server.accept()
            threading.Thread(target=self._take, args=(caller,), daemon=True).start()

    def _take(self, caller: socket.socket) -> None:
        with caller, caller.makefile("rb") as lines:
            caller.sendall(b"220 here\r\n")
            inside = False
            for line in lines:
                if inside and line != b".\r\n":
                    continue
                word = line[:4].upper()
                inside = word == b"DATA"
                caller.sendall(b"354 go on\r\n" if inside else b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                if word == b"QUIT":
                    return


def _install() -> Path:
    """The programs of theirs."""
    folder, wanted = CACHE / "helpdesk-env", (FOLDER / "helpdesk_requirements.txt").read_text()
    mark = folder / "installed.txt"
    if not mark.exists() or mark.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "-q", "-r", FOLDER / "helpdesk_requirements.txt"],
            check=True,
        )
        mark.write_text(wanted)
    return (folder / "bin").absolute()


def _empty(name: str) -> Path:
    folder = CACHE / name
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@contextmanager
def _gunicorn(programs: Path, app: str, environment: dict[str, str], folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        programs / "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1",
        "--threads", "4", "--keep-alive", "600", "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    server = subprocess.Popen(
        [str(part) for part in command], env=environment | {"PUBLIC_URL": f"http://127.0.0.1:{port}"}, cwd=folder
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)
