"""The processes of an installation as its units start them, to be killed and started again: web, worker, PostgreSQL."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.postgres import find_binaries

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
WEB = (str(BIN / "gunicorn"), "--config", "deploy/gunicorn.conf.py", "wsgi:app")
CVMS = (str(BIN / "flask"), "--app", "wsgi", "cvms")
WORKER = (*CVMS, "work")
SECRET = "a secret of the measurements, used nowhere else"
PATIENCE = 60


def free_port() -> int:
    """A port on which nobody listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ready: Callable[[], Any], what: str, *, seconds: float = PATIENCE) -> Any:
    """What `ready` returns once it is true. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while not (found := ready()):
        if time.monotonic() > until:
            raise TimeoutError(f"{what} did not come within {seconds} s")
        time.sleep(0.05)
    return found


def stand_back(pid: int, nice: int) -> None:
    """Let a session's first process and all that it starts take what others leave of the processors, as `CPUWeight=` of a unit does.

    `nice`: 0 to 19. Linux shares the processors among sessions first (sched(7), autogroup): the niceness of one process only counts
    against others of its session.
    """
    group = Path(f"/proc/{pid}/autogroup")
    if group.exists():
        group.write_text(str(nice))
    os.setpriority(os.PRIO_PGRP, pid, nice)


class Service:
    """One command with all that it starts, in a session of its own. It is started again at once, as by systemd. `nice`: 0 to 19."""

    def __init__(
        self, name: str, command: tuple[str, ...], environment: dict[str, str], folder: Path, *, nice: int = 0
    ) -> None:
        self.name, self.command, self.environment, self.nice = name, command, environment, nice
        self.log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin; does not wait until it is ready."""
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=out, stderr=out, start_new_session=True
            )
        if self.nice:
            stand_back(self._process.pid, self.nice)

    def kill(self) -> None:
        """SIGKILL to every process of it."""
        if self._process is not None:
            _signal_group(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def kill_a_child(self, choose: Callable[[list[int]], int]) -> None:
        """SIGKILL to one of the processes that it started."""
        assert self._process is not None
        if pids := _children(self._process.pid):
            os.kill(choose(pids), signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, then insist."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            self.kill()

    @property
    def pid(self) -> int:
        """Of its first process."""
        assert self._process is not None
        return self._process.pid


class Postgres:
    """A PostgreSQL server with the settings that PostgreSQL comes with: what it confirmed is on the disk."""

    def __init__(self, settings: tuple[str, ...] = (), *, port: int | None = None, folder: Path | None = None) -> None:
        programs = find_binaries()
        if programs is None:
            raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")
        self.programs = programs
        self.port = port or free_port()
        self.folder = folder or Path(tempfile.mkdtemp(prefix="cvms-postgres-"))
        self.data = self.folder / "data"
        self.settings = settings
        self._owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self._owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """An empty cluster."""
        self.run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )

    def start(self) -> None:
        """Begin, or go on where it was killed. Returns when it answers."""
        options = ["listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.folder}"]
        command = [str(self.programs / "postgres"), "-D", str(self.data)]
        for option in (*options, *self.settings):
            command += ["-c", option]
        with (self.folder / "log").open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, cwd="/", **self._owner)
        wait_for(self.answers, "PostgreSQL")

    def answers(self) -> bool:
        """Whether it lets somebody in."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def pid(self) -> int:
        """Of its first process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL to the server and to every process that serves a connection."""
        if self._process is None:
            return
        pids = [self._process.pid, *_children(self._process.pid)]
        for pid in pids:
            _signal(pid, signal.SIGKILL)
        self._process.wait()
        wait_for(lambda: not any(_lives(pid) for pid in pids), "the end of PostgreSQL")

    def kill_a_child(self, choose: Callable[[list[int]], int]) -> None:
        """SIGKILL to one of its processes: the server then ends all connections and recovers by itself."""
        assert self._process is not None
        if pids := _children(self._process.pid):
            _signal(choose(pids), signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)

    def throw_away(self) -> None:
        """Forget it with all that it holds."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def configure(self, text: str) -> None:
        """Add lines to its settings, before it is started."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"\n{text}\n")

    def script(self, name: str, *arguments: object) -> str:
        """Run one of deploy/postgresql/ as the server's user; what it said. Raises CalledProcessError."""
        command = [str(ROOT / "deploy" / "postgresql" / name), *map(str, arguments)]
        path = {"PATH": f"{self.programs}:/usr/bin:/bin"}
        told = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", env=path, **self._owner)
        return told.stdout.strip()

    def run(self, program: str, *arguments: object) -> None:
        """Run one of PostgreSQL's programs as the server's user. Raises CalledProcessError."""
        command = [str(self.programs / program), *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **self._owner)


def cpu_seconds(*pids: int) -> float:
    """Processor time so far of these processes and of all that they started and that still run or were waited for."""
    ticks, found = os.sysconf("SC_CLK_TCK"), 0
    known, parents = set(pids), {}
    times = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(entry.parent.name)
        parents[pid], times[pid] = int(fields[1]), sum(map(int, fields[11:15]))
    for pid, spent in times.items():
        above: int | None = pid
        while above and above not in known:
            above = parents.get(above)
        found += spent if above else 0
    return found / ticks


def answer_of(address: str, path: str = "/healthz") -> int | None:
    """The status of a page; None while nobody listens."""
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None


@contextmanager
def all_stopped(services: list[Service]) -> Iterator[None]:
    """Ends them whatever happens inside."""
    try:
        yield
    finally:
        for service in services:
            service.kill()


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return sorted(found)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
