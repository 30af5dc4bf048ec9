"""Every request has an id, which its log lines and its answer carry, and is counted under the template of its route."""

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

from app.infra import metrics
from app.web.context import settings

log = structlog.get_logger()

NOWHERE = "(none)"
_QUIET = frozenset({"front.healthz", "front.readyz", "front.measured"})
_ID = re.compile(r"[0-9a-f]{8,32}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def install(app: Flask) -> None:
    """Before and after everything else."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = _id()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, route=_route())


def _id() -> str:
    """The proxy's, where one is trusted, so that its log and ours can be laid side by side; else a new one."""
    told = request.headers.get("X-Request-Id", "")
    return told if settings().trusted_proxies and _ID.fullmatch(told) else uuid.uuid4().hex[:12]


def _route() -> str:
    """The template of the address: an address itself may hold an id or a secret."""
    return request.url_rule.rule if request.url_rule else NOWHERE


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if "began" in g and request.endpoint not in _QUIET:
        took = time.perf_counter() - g.began
        method = request.method if request.method in _METHODS else "other"
        metrics.count_request(method, _route(), response.status_code, took)
        if not settings().demo:
            log.info("request.ended", method=method, status=response.status_code, ms=round(took * 1000))
    return response
