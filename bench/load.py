"""A clinic day of the whole state on one machine of two cores, through the recommended proxy; and a storm at the front door.

Run: python -m bench load [seconds of work] [seconds of each storm]. PostgreSQL as it comes, gunicorn and nginx as deploy/ has
them, but for TLS. 200 people of staff are signed in; HANDS of them do something at each moment: search, check in, give a dose,
open the visit; some print a proof or upload a list. Whoever asks shares the two cores with what is asked.

The processor time of web, worker, proxy and database for each administration is told as well: on a machine with other work beside, it
says more than the pace. Each confirmed act is written down and looked for afterwards. In the storm staff work at a pace that leaves half of the machine
free; 300 visitors without a cookie come each second, then as many as can be made. What is told is how much longer staff wait.
"""

import itertools
import json
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from statistics import quantiles
from typing import Any

from bench.at_the_desk import AtTheDesk, visit_in
from bench.clinics import person
from bench.crash import settle
from bench.installation import Installation, installation
from bench.journal import Journal, reckon
from bench.proxy import proxy
from bench.services import ROOT, answer_of, cpu_seconds, free_port, stand_back, wait_for
from bench.visitor import Answer, Unreached, Visitor
from tests.mailbox import Mailbox

SESSIONS, HANDS = 200, 12
FASTEST = 60
"""Doses each second for which there are people enough."""
PROOF_EACH, UPLOAD_EACH, ROWS = 20, 100, 20
STORM_RATE = 300
LAST = 19
"""What makes the storm takes what nobody else wants of the processors: real visitors bring their own."""
TURN = 10
"""Seconds of each turn with and without the storm."""
WALKING = 0.5
"""The part of the full pace at which staff work while the storm is measured."""


class Clock:
    """Seconds of each request of staff, and how it was answered."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.statuses: Counter[int | str] = Counter()

    def __call__(self, ask: Callable[[], Answer]) -> Answer:
        """Ask; who is told to come again does."""
        until = time.monotonic() + 60
        while True:
            started = time.perf_counter()
            try:
                answer = ask()
            except Unreached:
                self.statuses["no answer"] += 1
            else:
                self.seconds.append(time.perf_counter() - started)
                self.statuses[answer.status] += 1
                if answer.status < 500:
                    return answer
                time.sleep(min(answer.retry_after or 1, 5))
            if time.monotonic() > until:
                raise TimeoutError("staff were never served")

    def p95(self) -> float:
        """Milliseconds below which 95 in 100 requests stayed."""
        return round(quantiles(self.seconds, n=20)[-1] * 1000, 1)


class Staff:
    """Everybody who is signed in; a hand takes the next one who is free, does one thing as them, and puts them back."""

    def __init__(self, here: Installation, port: int, journal: Journal) -> None:
        self.here, self.journal, self.numbers = here, journal, itertools.count()
        self.free = [AtTheDesk(_from(port, number), desk) for number, desk in enumerate(here.desks)]
        self.clock, self.doses, self.broke = Clock(), 0, list[str]()
        self._lock = threading.Lock()

    def sign_in(self) -> None:
        """All of them, four at a time."""
        waiting = list(self.free)
        _at_once(4, lambda: self._each(waiting, lambda desk: desk.sign_in()))

    def work(self, seconds: float, *, pause: float = 0, clock: Clock | None = None) -> tuple[float, Clock]:
        """Doses confirmed each second by HANDS hands, and how long they waited. `pause`: of a hand after each person."""
        self.clock, before = clock or Clock(), self.doses
        until, began = time.monotonic() + seconds, time.monotonic()
        _at_once(HANDS, lambda: self._hand(until, pause))
        return (self.doses - before) / (time.monotonic() - began), self.clock

    def _hand(self, until: float, pause: float) -> None:
        chance = random.Random()
        time.sleep(chance.random() * pause)
        while time.monotonic() < until:
            with self._lock:
                desk = self.free.pop(0)
            desk.patience = self.clock
            try:
                self._serve(desk, next(self.numbers))
            except Exception as error:
                self.broke.append(f"{type(error).__name__}: {error}")
            with self._lock:
                self.free.append(desk)
            time.sleep(pause)

    def _serve(self, desk: AtTheDesk, number: int) -> None:
        path = desk.check_in(desk.find(person(number, "listed")))
        self.journal.note("visit", visit_in(path))
        visit = desk.give_dose(path)
        self.journal.note("dose", visit_in(visit))
        with self._lock:
            self.doses += 1
        page = desk.open(visit)
        if number % PROOF_EACH == 0:
            desk.print_proof(page)
        if number % UPLOAD_EACH == 1:
            people = [person(number * 1_000 + row, "upload") for row in range(ROWS)]
            self.journal.note("upload", desk.upload(people).rsplit("/", 1)[1])
            for one in people:
                self.journal.note("uploaded", one.email)

    def _each(self, waiting: list[AtTheDesk], act: Callable[[AtTheDesk], None]) -> None:
        while waiting:
            try:
                act(waiting.pop())
            except IndexError:
                return


class Storm:
    """Visitors without a cookie at the front door: so many each second, or as many as can be made."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: Counter[int | str] = Counter()

    def __call__(self, seconds: float) -> None:
        """STORM_RATE each second, on a few connections that are kept."""
        told = _told_by(sys.executable, "-m", "bench.storm", str(self.port), str(seconds), str(STORM_RATE))
        self.answers.update(json.loads(told))

    def all_that_can(self, seconds: float) -> float:
        """Requests each second that wrk makes of what the machine has left; answers other than 200 are counted by it."""
        where = f"http://127.0.0.1:{self.port}/"
        told = _told_by("wrk", "-t1", "-c64", f"-d{int(seconds)}s", "-H", "Accept-Encoding: br", where)
        rate = next(float(line.split()[1]) for line in told.splitlines() if line.startswith("Requests/sec"))
        self.answers["refused by wrk's count"] += sum(
            int(line.rsplit(" ", 1)[1]) for line in told.splitlines() if "Non-2xx" in line
        )
        return rate


def _told_by(*command: str) -> str:
    """What a storm says at its end. Raises CalledProcessError."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as storm:
        stand_back(storm.pid, LAST)
        told, _ = storm.communicate()
    if storm.returncode:
        raise subprocess.CalledProcessError(storm.returncode, command, told)
    return told


def _from(port: int, number: int) -> Visitor:
    """Somebody's browser, in a clinic of its own: each has an address on this machine."""
    return Visitor("127.0.0.1", port, source=f"127.1.{number // 250}.{number % 250 + 1}")


def _at_once(count: int, act: Callable[[], None]) -> None:
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _by_turns(storm: Callable[[float], Any], staff: Staff, seconds: float, pause: float) -> tuple[Clock, Clock, list[Any]]:
    """How long staff wait without the storm and in it, by turns: what else the machine does falls on both alike."""
    calm, stormy, told = Clock(), Clock(), list[Any]()
    for _ in range(max(1, round(seconds / TURN))):
        staff.work(TURN, pause=pause, clock=calm)
        thread = threading.Thread(target=lambda: told.append(storm(TURN)))
        thread.start()
        staff.work(TURN, pause=pause, clock=stormy)
        thread.join()
    return calm, stormy, told


def measure(here: Installation, seconds: int, storm_seconds: int) -> dict[str, Any]:
    """Work, then the storms; figures."""
    port = free_port()
    here.services["proxy"] = proxy(here.folder, here.address, port, plain_port=free_port())
    here.start()
    wait_for(lambda: answer_of(f"127.0.0.1:{port}", "/") == 200, "the proxy")
    journal = Journal(here.folder / "journal")
    staff, storm = Staff(here, port, journal), Storm(port)
    staff.sign_in()
    assert here.database is not None
    served = {name: service.pid for name, service in here.services.items()} | {"database": here.database.pid}
    before, doses = {name: cpu_seconds(pid) for name, pid in served.items()}, staff.doses
    rate, busy = staff.work(seconds)
    spent = {name: (cpu_seconds(pid) - before[name]) * 1000 / max(staff.doses - doses, 1) for name, pid in served.items()}
    cost = {name: round(each, 1) for name, each in spent.items()}
    print(f"{rate:.1f} administrations each second, p95 {busy.p95()} ms, {cost} ms, {dict(busy.statuses)}", flush=True)
    pause = HANDS / (rate * WALKING) - HANDS / rate if rate else 1
    calm, stormy, _ = _by_turns(storm, staff, storm_seconds, pause)
    print(f"p95 of staff {calm.p95()} ms, in the storm {stormy.p95()} ms, {dict(storm.answers)}", flush=True)
    figures = {
        "administrations_per_s": round(rate, 1), "cpu_ms_per_administration": round(sum(cost.values()), 1), "cpu_ms": cost,
        "p95_ms": busy.p95(), "answers": dict(busy.statuses),
        "calm_staff_p95_ms": calm.p95(), "storm_staff_p95_ms": stormy.p95(),
        "storm_staff_p95_ratio": round(stormy.p95() / calm.p95(), 2), "storm_answers": dict(storm.answers),
    }  # fmt: skip
    if shutil.which("wrk"):
        calm, worst, rates = _by_turns(storm.all_that_can, staff, storm_seconds, pause)
        figures |= {
            "flood_per_s": round(max(rates)), "flood_staff_p95_ms": worst.p95(),
            "flood_staff_p95_ratio": round(worst.p95() / calm.p95(), 2), "flood_staff_answers": dict(worst.statuses),
        }  # fmt: skip
    here.stop()
    for desk in staff.free:
        desk.visitor.leave()
    settle(here)
    with here.machines.database.reading() as session:
        found = reckon(session, journal, here.mailbox)
    for line in (*found.lost[:10], *found.doubled[:10], *found.wrong[:10], *staff.broke[:10]):
        print(line)
    return figures | {
        "lost": len(found.lost), "doubled": len(found.doubled), "wrong": len(found.wrong), "broke": len(staff.broke),
        "doses": staff.doses, "sessions": len(here.desks),
    }  # fmt: skip


def main(seconds: int = 600, storm_seconds: int = 60) -> dict[str, Any]:
    """Figures; nothing may be lost or doubled."""
    clinics, people = SESSIONS // 5, FASTEST * (seconds + 3 * storm_seconds)
    with installation("postgresql", Mailbox(), clinics_=clinics, staff=5, people=people, WEB_CONCURRENCY="4") as here:
        return measure(here, seconds, storm_seconds)
