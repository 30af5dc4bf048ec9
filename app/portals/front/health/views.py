"""Endpoints for machines: does the process run, may it get visitors, and what it measured."""

import hmac

from flask import Response, abort, jsonify, request

from app.infra import metrics, vitals
from app.portals.front.portal import portal
from app.web.context import database, now, settings, storage
from app.web.portal import PUBLIC

RETRY_SECONDS = "10"


@portal.page("/healthz", needs=PUBLIC)
def healthz() -> Response:
    """200 while the process answers and the database can be read."""
    with database().engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return jsonify(status="ok")


@portal.page("/readyz", needs=PUBLIC)
def readyz() -> Response:
    """200 when visitors may be sent here, 503 when not. A silent worker is a warning: pages work without it."""
    checks = vitals.check(database(), storage(), now=now())
    ready = vitals.FAILED not in checks.values()
    response = jsonify(status="ready" if ready else "not ready", checks=checks)
    if not ready:
        response.status_code = 503
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


@portal.page("/metrics", needs=PUBLIC)
def measured() -> Response:
    """What was measured, in Prometheus' text format, for who knows the token. Without a token it is not here."""
    token = settings().metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(shown.encode(), token.encode()):
        abort(404)
    with database().reading() as session:
        found = vitals.look_at(session, now=now())
    return Response(metrics.render(found), content_type=metrics.CONTENT_TYPE)
