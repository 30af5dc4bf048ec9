"""The worker beside the web process: `flask --app wsgi cvms work`. Any number may run."""

import os
import socket
import threading
from collections.abc import Callable

import structlog

from app.config import Settings
from app.domain.accounts import attempts, request_keys, second_factor
from app.domain.oversight import last_days
from app.domain.program.notices.tell import tell_due
from app.domain.program.read_lists import with_lists
from app.domain.recipients.guardians.hand_over import hand_over_due
from app.domain.recipients.joining.self_register import forget_unconfirmed
from app.domain.vaccinations.kiosk import turns
from app.domain.vaccinations.recalled_people import tell_people_of_recalls
from app.infra import clock
from app.infra.db import Database
from app.infra.job_log import watched
from app.infra.queue import Queue, beat_until
from app.infra.storage import FolderStorage
from app.jobs import work
from app.jobs.deliver_mail import deliver_due
from app.jobs.follow_pairs import follow_pairs
from app.jobs.follow_phases import follow_phases
from app.jobs.let_go import let_go_due
from app.jobs.process_uploads import process_due
from app.jobs.refresh_figures import refresh_figures
from app.jobs.remind_enrollments import remind_enrollments
from app.jobs.remind_of_doses import remind_of_doses
from app.jobs.renew_proofs import renew_due
from app.jobs.report_doses import report_due
from app.jobs.rest import unless_resting
from app.jobs.rest_idle_accounts import once_a_day, rest_idle_accounts
from app.jobs.run_clocks import run_clocks
from app.jobs.run_workbooks import give_back_due, look_through_due
from app.jobs.warn_of_stock import warn_due

log = structlog.get_logger()

FINISH_SECONDS = 12
"""How long the worker finishes what it has in hand when it is told to end; what takes longer is rolled back and done again."""
NIGHT = 2
"""The hour of the program's day after which the night's work is done."""


def add_jobs(queue: Queue, settings: Settings, database: Database, storage: FolderStorage) -> None:
    """Say what each name runs in this process."""

    def uploads() -> None:
        if process_due(database, storage, zone=settings.zone, now=clock.now()):
            queue.wake(work.MAIL)
            queue.wake(work.WORKBOOKS)

    def workbooks() -> None:
        look_through_due(database, storage, zone=settings.zone)
        if give_back_due(database, storage, zone=settings.zone, now=clock.now()):
            queue.wake(work.MAIL)

    def clocks() -> None:
        if run_clocks(database, zone=settings.zone, now=clock.now()):
            queue.wake(work.MAIL)

    queue.add(work.CLOCKS, clocks)
    queue.add(work.RECALLS, _then_mail(queue, lambda: tell_people_of_recalls(database, now=clock.now())))
    zone, overdue = settings.zone, settings.remind_overdue_days
    told = _then_mail(queue, lambda: remind_of_doses(database, zone=zone, overdue_days=overdue, now=clock.now()))
    queue.add(work.DOSE_REMINDERS, told)
    queue.add(work.PROOFS, _then_mail(queue, lambda: renew_due(database, storage, settings)))
    queue.add("coming-of-age", _then_mail(queue, lambda: hand_over_due(database, now=clock.now())))
    queue.add(work.PAIRS, lambda: follow_pairs(queue, database, zone=zone, now=clock.now()))
    queue.add(work.WARNINGS, lambda: warn_due(database, zone=settings.zone, now=clock.now()))
    queue.add(work.NOTICES, _then_mail(queue, lambda: tell_due(database, now=clock.now())))
    queue.add(work.MAIL, lambda: deliver_due(database, settings, ending=queue.is_ending))
    queue.add(work.UPLOADS, with_lists(database, zone, uploads))
    queue.add(work.WORKBOOKS, with_lists(database, zone, workbooks))
    queue.add("reminders", _then_mail(queue, lambda: remind_enrollments(database, now=clock.now())))
    queue.add("clean-up", lambda: _clean_up(database))
    queue.add(work.FIGURES, lambda: refresh_figures(queue, database, now=clock.now()))
    queue.add(work.FEDERAL, lambda: report_due(database, storage, zone=zone, now=clock.now()))
    followed = with_lists(database, zone, lambda: follow_phases(queue, database, zone=zone, now=clock.now()))
    queue.add(work.ELIGIBILITY, followed)


def _clean_up(database: Database) -> None:
    attempts.sweep(database, now=clock.now())
    request_keys.sweep(database, now=clock.now())
    second_factor.sweep(database, now=clock.now())
    last_days.end_what_is_over(database, now=clock.now())
    forget_unconfirmed(database, now=clock.now())
    turns.sweep(database, now=clock.now())


def add_daily_jobs(queue: Queue, settings: Settings, database: Database, storage: FolderStorage) -> None:
    """Say what runs once each day, and what each night."""
    zone = settings.zone
    rest = once_a_day(zone, lambda now: rest_idle_accounts(database, zone=zone, now=now))
    queue.add("idle-accounts", _then_mail(queue, rest))
    nightly = once_a_day(zone, lambda now: let_go_due(database, storage, zone=zone, now=now), hour=NIGHT)
    queue.add("retention", nightly)


def _then_mail(queue: Queue, job: Callable[[], int]) -> Callable[[], None]:
    """The job, and where it wrote mails, the bell for them."""

    def run_and_wake() -> None:
        if job():
            queue.wake(work.MAIL)

    return run_and_wake


def run(queue: Queue, settings: Settings, database: Database, storage: FolderStorage) -> None:
    """Work until told to stop (SIGINT, SIGTERM). How each job does is noted, for the page Operations."""
    queue.watch(lambda name, job: watched(database, name, unless_resting(database, name, job)))
    add_jobs(queue, settings, database, storage)
    add_daily_jobs(queue, settings, database, storage)
    stop = threading.Event()
    name = f"{socket.gethostname()}-{os.getpid()}"
    signs = threading.Thread(target=beat_until, args=(database, name, stop), daemon=True)
    signs.start()
    log.info("worker.started", name=name)
    try:
        consumer = queue.huey.create_consumer(
            workers=2, worker_type="thread", initial_delay=0.1, max_delay=0.5, backoff=1.2, graceful_signal="TERM",
            shutdown_timeout=FINISH_SECONDS,
        )  # fmt: skip
        queue.ends_with(consumer.stop_flag)
        queue.sweep_soon()
        consumer.run()
    finally:
        stop.set()
        signs.join(timeout=15)
        database.dispose()
        log.info("worker.stopped", name=name)
