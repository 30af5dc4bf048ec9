"""Web, worker and database are killed at random moments while a clinic works; then everything confirmed must be there, once.

Run: python -m bench crash [kills on each database] [seed]. On PostgreSQL the database is killed as well, whole or one of its
processes; on SQLite web and worker are. Whoever got no answer sends the same form again, with the same key, until one comes.
Clients write down what was confirmed; after the last kill the rest of the work is done, and both are compared.
"""

import asyncio
import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

import time_machine

from app.infra import clock, outbox
from app.jobs import worker
from bench.at_home import AtHome
from bench.at_the_desk import AtTheDesk, visit_in
from bench.clinics import Desk, person
from bench.installation import Installation, installation
from bench.journal import Journal, Reckoning, reckon, unsure_mails
from bench.services import WORKER, Service, answer_of, wait_for
from bench.visitor import Answer, Unreached
from tests.mailbox import Mailbox

LISTED = 4_000
CLERKS = 5
PATIENCE = 180
ROWS = (3, 20, 130)
"""Rows of an upload: settled with the page, and by the worker from 101 on."""
_BROKE = re.compile(r'"error": "(\w+)"[^\n]*"event": "request.failed"')
_LINK = re.compile(r"https?://[^/]+(/account/recipient/register/\S+)")


class SlowMailbox(Mailbox):
    """Takes its time, so that a kill also finds a mail in hand."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Wait, and take it."""
        await asyncio.sleep(0.02)
        return await super().handle_DATA(server, session, envelope)


class Insisting:
    """Asks until there is an answer, as somebody does who presses the button again."""

    def __init__(self) -> None:
        self.apologies: Counter[str] = Counter()

    def __call__(self, ask: Callable[[], Answer]) -> Answer:
        """The first answer that is none of "try again". Raises TimeoutError."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = ask()
            except Unreached:
                self.apologies["no answer"] += 1
            else:
                if answer.status < 500:
                    return answer
                self.apologies[str(answer.status)] += 1
            time.sleep(0.1)
        raise TimeoutError("no answer came")


class Letters:
    """The mails with a link to go on with a registration, each opened by one person."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox, self._read, self._lock = mailbox, 0, threading.Lock()

    def next(self) -> tuple[str, str] | None:
        """To whom, and the path of the link; None where no other mail has come."""
        with self._lock:
            while self._read < len(self.mailbox.messages):
                message = self.mailbox.messages[self._read]
                self._read += 1
                if found := _LINK.search(message.get_content()):
                    return parseaddr(str(message["To"]))[1], found[1]
        return None


class Clerk(threading.Thread):
    """Somebody who does one thing after the other until told to stop, and ends what is in hand."""

    def __init__(
        self, here: Installation, desk: Desk, journal: Journal, letters: "Letters", numbers: Any, patients: Any, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.here, self.journal, self.letters, self.numbers = here, journal, letters, numbers
        self.patients = patients
        number = next(numbers)
        self.chance = random.Random(f"{seed} {number}")
        self.insisting = Insisting()
        self.at = AtTheDesk(here.visitor(number=number), desk, self.insisting)
        self.signed_in, self.stopping = threading.Event(), threading.Event()
        self.broke: BaseException | None = None

    def run(self) -> None:
        """Begin with signing in."""
        acts = (self.vaccinate, self.vaccinate, self.vaccinate, self.take_walk_in, self.receive, self.upload,
                self.ask_to_register, self.follow_a_mail)  # fmt: skip
        try:
            self.at.sign_in()
            self.signed_in.set()
            while not self.stopping.is_set():
                self.chance.choice(acts)()
        except BaseException as error:
            self.broke = error
        finally:
            self.at.visitor.leave()

    def vaccinate(self) -> None:
        """Find somebody, check them in, give the dose."""
        self._dose(self.at.check_in(self.at.find(person(next(self.patients), "listed"))))

    def take_walk_in(self) -> None:
        """Register somebody new, and give the dose."""
        one = person(next(self.numbers), "walkin")
        path = self.at.walk_in(one)
        self.journal.note("walk-in", one.email)
        self._dose(path)

    def receive(self) -> None:
        """Book a delivery."""
        number, doses = next(self.numbers), self.chance.randrange(1, 500)
        self.at.receive(f"LOT{number}", doses)
        self.journal.note("receipt", f"LOT{number} {doses}")

    def upload(self) -> None:
        """Send a workbook of new people."""
        number, rows = next(self.numbers), self.chance.choice(ROWS)
        people = [person(number * 1_000 + row, "upload") for row in range(rows)]
        address = self.at.upload(people)
        self.journal.note("upload", address.rsplit("/", 1)[1])
        for one in people:
            self.journal.note("uploaded", one.email)

    def ask_to_register(self) -> None:
        """Somebody at home registers."""
        one = person(next(self.numbers), "selfreg")
        self._at_home().register(one)
        self.journal.note("registration", one.email)

    def follow_a_mail(self) -> None:
        """Somebody who registered follows the link of the mail, where one has come."""
        if (mail := self.letters.next()) is not None:
            self._at_home().follow(mail[1])
            self.journal.note("registered", mail[0])

    def _dose(self, path: str) -> None:
        self.journal.note("visit", visit_in(path))
        self.journal.note("dose", visit_in(self.at.give_dose(path)))

    def _at_home(self) -> AtHome:
        return AtHome(self.here.visitor(number=next(self.numbers)), self.insisting)


class Killer:
    """Ends parts of an installation without warning, and starts them again."""

    def __init__(self, here: Installation, seed: int) -> None:
        self.here = here
        self.chance = random.Random(seed)
        self.killed: Counter[str] = Counter()
        self._next: list[str] = []

    def strike(self) -> None:
        """One kill, at a random moment after everything was up."""
        time.sleep(self.chance.uniform(0.2, 1.5))
        services, database = self.here.services, self.here.database
        what = self._choose()
        if what == "web-child":
            services["web"].kill_a_child(self.chance.choice)
        elif what == "database-child" and database is not None:
            database.kill_a_child(self.chance.choice)
        elif what == "database" and database is not None:
            database.kill()
        else:
            services[what].kill()
        time.sleep(self.chance.uniform(0, 0.3))
        if what in services:
            services[what].start()
        elif what == "database" and database is not None:
            database.start()
        self.killed[what] += 1
        wait_for(lambda: answer_of(self.here.address) == 200, f"the web server after {what} was killed")

    def _choose(self) -> str:
        """Each part is as likely, and none waits for long: they are drawn like cards."""
        if not self._next:
            self._next = ["web-child", "worker", "database", "web", "database-child"]
            if self.here.database is None:
                self._next = ["web-child", "worker", "web"]
            self.chance.shuffle(self._next)
        return self._next.pop()


def settle(here: Installation) -> None:
    """Do all that waits, as a worker some minutes later would: what a killed one had claimed is due again by then."""
    parts = here.machines
    worker.add_jobs(parts.queue, parts.settings, parts.database, parts.storage)
    for minutes in (3, 6, 9, 12):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True):
            for name in ("uploads", "mail"):
                parts.queue.run(name)
        with parts.database.reading() as session:
            left = outbox.counts(session)
        if not left.get("waiting") and not left.get("sending"):
            return


def strike_and_reckon(
    kind: str, kills: int, seed: int, *, clerks: int = CLERKS, processes: int = 2, people: int = LISTED
) -> tuple[Reckoning, dict[str, Any]]:
    """So many kills on a database of that kind: what is wrong afterwards, and figures. Raises what broke a clerk.

    `processes`: as many web processes, and as many workers. `people` are enough where each is vaccinated once.
    """
    mailbox = SlowMailbox()
    with installation(kind, mailbox, clinics_=2, staff=clerks, people=people, WEB_CONCURRENCY=str(processes)) as here:
        for number in range(2, processes + 1):
            here.services[f"worker-{number}"] = Service(f"worker-{number}", WORKER, here.environment, here.folder)
        journal, letters = Journal(here.folder / "journal"), Letters(mailbox)
        numbers, patients = itertools.count(), iter(range(people))
        at_work = [Clerk(here, desk, journal, letters, numbers, patients, seed) for desk in here.desks[:clerks]]
        here.start()
        for clerk in at_work:
            clerk.start()
        for clerk in at_work:
            clerk.signed_in.wait(PATIENCE)
        killer = Killer(here, seed)
        try:
            for number in range(kills):
                killer.strike()
                print(f"{kind}: {number + 1} of {kills} kills, {journal.count} acts confirmed", end="\r", flush=True)
        finally:
            for clerk in at_work:
                clerk.stopping.set()
        for clerk in at_work:
            clerk.join(PATIENCE)
            if clerk.broke is not None:
                raise clerk.broke
        here.stop()
        settle(here)
        with here.machines.database.reading() as session:
            found, unsure = reckon(session, journal, mailbox), unsure_mails(session)
        broke = Counter(_BROKE.findall(here.services["web"].log.read_text()))
        apologies = sum((clerk.insisting.apologies for clerk in at_work), Counter[str]())
    return found, {
        "killed": dict(killer.killed), "confirmed": {name: len(acts) for name, acts in journal.acts.items()},
        "mails": len(mailbox.messages), "unsure_mails": unsure, "asked_again": dict(apologies),
        "pages_that_broke": dict(broke),
    }  # fmt: skip


def main(kills: int = 50, seed: int = 0) -> dict[str, Any]:
    """Figures of both databases; `lost`, `doubled` and `wrong` are of both together. Raises SystemExit where one is not 0."""
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    print(f"seed {seed}")
    figures: dict[str, Any] = {"seed": seed, "kills": kills, "lost": 0, "doubled": 0, "wrong": 0}
    for kind in ("sqlite", "postgresql"):
        found, told = strike_and_reckon(kind, kills, seed)
        for name in ("lost", "doubled", "wrong"):
            said = getattr(found, name)
            figures[name] += len(said)
            for line in said[:20]:
                print(f"{kind}: {name}: {line}")
        figures[kind] = told
        print(f"{kind}: {told}")
    if figures["lost"] or figures["doubled"] or figures["wrong"]:
        raise SystemExit(f"seed {seed}: not all is as it was confirmed")
    return figures
