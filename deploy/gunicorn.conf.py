"""The web server's settings: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`. WEB_CONCURRENCY says how many workers (4)."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from app.infra import log

log.configure(readable=False)
bind = os.environ.get("CVMS_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
threads = 4
timeout = 60
graceful_timeout = 30
keepalive = 75
max_requests, max_requests_jitter = 20_000, 2_000
loglevel = "warning"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"lines": {"class": "app.infra.log.LibraryLines", "level": "WARNING"}},
    "root": {"level": "WARNING", "handlers": ["lines"]},
    "loggers": {"gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True}},
}

_figures = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR") or tempfile.mkdtemp(prefix="cvms-metrics-"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_figures)


def on_starting(_server: Any) -> None:
    """Figures of an earlier start would be counted again."""
    _figures.mkdir(parents=True, exist_ok=True)
    for left in _figures.glob("*.db"):
        left.unlink()


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that ended; its counters stay."""
    from prometheus_client import multiprocess  # it looks for the folder when it is imported

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_figures, ignore_errors=True)
