"""Builds the whole from its parts; the only place that knows everything."""

import importlib
import os
import pkgutil
from functools import cache

from flask import Flask, Response, request
from flask_babel import Babel
from flask_compress import Compress
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import app.domain
from app import config
from app.domain.eligibility.keep_status import keep_own_status
from app.domain.recipients.closing.events import on_closure_changed
from app.domain.recipients.events import on_answers_kept, on_records_joined
from app.domain.recipients.merging.look_for_pairs import look_again
from app.domain.vaccinations.doses import proofs_follow_record
from app.domain.vaccinations.follow_joining import doses_follow_joining
from app.infra import crypto, log, slow_queries
from app.infra.db import Database
from app.infra.harmful import scanner_at
from app.infra.storage import FolderStorage
from app.jobs import commands, work
from app.portals import account, enrollment, front, helpdesk, kiosk, organization, provider, recipient, state
from app.web import (
    chrome,
    context,
    errors,
    filters,
    languages,
    lists,
    measured,
    repeats,
    resting,
    shared,
    sign_in,
    static_files,
)
from app.web.answers import htmx

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


@cache
def import_models() -> None:
    """Make every table known, wherever it lives."""
    for found in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
        if found.name.endswith(".models"):
            importlib.import_module(found.name)


def wire_areas() -> None:
    """Say which area is told, in the same transaction, what a lower one did."""
    on_answers_kept(keep_own_status)
    on_answers_kept(proofs_follow_record)
    on_answers_kept(look_again)
    on_records_joined(doses_follow_joining)
    on_closure_changed(keep_own_status)
    on_closure_changed(proofs_follow_record)


def prepare(settings: config.Settings) -> None:
    """What an installation needs before its parts are opened: logs, keys, tables, who is told of what."""
    log.configure(readable=settings.demo or settings.testing)
    crypto.configure(settings.encryption_keys)
    import_models()
    wire_areas()
    settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_machines(settings: config.Settings) -> context.Machines:
    """Open the parts of an installation; also used by the worker, without any web."""
    prepare(settings)
    database = Database(settings.database_url, outlives_power_cuts=not (settings.demo or settings.testing))
    slow_queries.watch(database.engine, settings.slow_query_ms)
    return context.Machines(
        settings=settings,
        database=database,
        storage=FolderStorage(settings.storage_dir),
        queue=work.make_queue(settings.queue_url),
        scanner=scanner_at(settings.clamd_url, most_bytes=settings.max_upload_bytes),
    )


def create_app(settings: config.Settings | None = None, machines: context.Machines | None = None) -> Flask:
    """The web application of one installation."""
    settings = settings or (machines.settings if machines else config.load(os.environ))
    machines = machines or make_machines(settings)
    flask = Flask("app")
    flask.config.update(_flask_settings(settings))
    flask.extensions["cvms"] = machines
    flask.jinja_env.undefined = StrictUndefined
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    flask.jinja_env.add_extension("jinja2.ext.do")
    Babel(flask, locale_selector=languages.select)
    Compress(flask)
    htmx.init_app(flask)
    for part in (filters, static_files, errors, measured, sign_in, resting, languages, lists, shared):
        part.install(flask)
    for blueprint in (
        front.portal,
        account.portal,
        enrollment.portal,
        provider.portal,
        organization.portal,
        recipient.portal,
        state.portal,
        helpdesk.portal,
        kiosk.portal,
    ):
        flask.register_blueprint(blueprint)
    flask.context_processor(lambda: {"chrome": chrome.make_chrome(), "program": context.settings()})
    repeats.install(flask)
    flask.after_request(_guard_headers)
    flask.teardown_request(context.let_go)
    flask.cli.add_command(commands.group)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        flask.wsgi_app = ProxyFix(flask.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return flask


def _flask_settings(settings: config.Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": settings.max_upload_bytes,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        # With this prefix a browser takes the cookie over https only, and from no other host of the same domain.
        "SESSION_COOKIE_NAME": "__Host-cvms" if settings.secure else "cvms",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure,
        "WTF_CSRF_TIME_LIMIT": settings.session_longest_seconds,
        "WTF_CSRF_SSL_STRICT": False,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_MIMETYPES": ["text/html", "text/plain", "application/json", "image/svg+xml", "text/csv"],
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "TESTING": settings.testing,
    }


def _guard_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    if context.settings().secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response
