"""What is measured, for Prometheus. Labels are route templates, methods and statuses: never an address, id or name.

With several web processes each writes its figures into files of the folder PROMETHEUS_MULTIPROC_DIR, which
`deploy/gunicorn.conf.py` makes and empties, and whoever is asked adds them all up.
"""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from app.infra.vitals import Vitals

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SEVERAL = "PROMETHEUS_MULTIPROC_DIR"
_own = CollectorRegistry()
_requests = Counter("cvms_requests", "Requests by route and status", ["method", "route", "status"], registry=_own)
_seconds = Histogram(
    "cvms_request_seconds", "How long requests took", ["method", "route"], registry=_own,
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
_slow = Counter("cvms_slow_queries", "Queries slower than SLOW_QUERY_MS, by route", ["route"], registry=_own)

_refused = Counter("cvms_files_refused", "Files that were not taken: harmful, silent, too_large, too_many", ["why"], registry=_own)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(method, route).observe(seconds)


def count_slow_query(route: str) -> None:
    """Count a query that took too long."""
    _slow.labels(route).inc()


def count_refused_file(why: str) -> None:
    """Count a file that was not taken. `why`: harmful; silent or too_large where it was not scanned; too_many in a day."""
    _refused.labels(why).inc()


class _Background:
    """The work in the background, as the database tells it."""

    def __init__(self, vitals: Vitals) -> None:
        self.vitals = vitals

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of this moment."""
        silent = GaugeMetricFamily("cvms_worker_silent_seconds", "Since the last sign of life of any worker")
        if self.vitals.silent_seconds is not None:
            silent.add_metric([], self.vitals.silent_seconds)
        yield silent
        mails = GaugeMetricFamily("cvms_mails", "Mails that are not done", labels=["standing"])
        for standing, count in self.vitals.mails.items():
            mails.add_metric([standing], count)
        yield mails
        failures = GaugeMetricFamily("cvms_job_failures", "Failures in a row of a job", labels=["job"])
        age = GaugeMetricFamily("cvms_job_ok_age_seconds", "Since a job last ended well", labels=["job"])
        for job in self.vitals.jobs:
            failures.add_metric([job.name], job.failures)
            if job.ok_at is not None:
                age.add_metric([job.name], (self.vitals.at - job.ok_at).total_seconds())
        yield failures
        yield age


def render(vitals: Vitals) -> bytes:
    """Everything in Prometheus' text format."""
    shown = CollectorRegistry()
    if os.environ.get(SEVERAL):
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        own = generate_latest(shown)
    else:
        own = generate_latest(_own)
    background = CollectorRegistry()
    background.register(_Background(vitals))
    return own + generate_latest(background)
