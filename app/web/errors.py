"""What is shown when something did not happen: plain words, no stack trace, and nothing about anybody."""

import structlog
from flask import Flask, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, TooManyRequests, Unauthorized

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.infra.storage import MissingFile
from app.web import away, context
from app.web.answers import apology, page_of_form, wants_fragment
from app.web.resume import pack_typed
from app.web.sign_in import waiting

log = structlog.get_logger()
_REALMS = ("enrollment", "provider", "organization", "recipient", "state")


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(MissingFile, _lost)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(Unauthorized, _sign_in_first)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(TooManyRequests, _too_many)
    app.register_error_handler(HTTPException, _other)
    app.register_error_handler(Exception, _broken)


def _not_found(_error: Exception) -> Response:
    return apology(
        404, _("This page is not here"),
        _("It may have moved, or it belongs to a place or person that your sign-in does not reach."),
    )  # fmt: skip


def _lost(error: Exception) -> Response:
    """A row names a file that is not in the storage: for the reader it is not here, for whoever runs this it is an alarm."""
    log.error("file.lost", key=str(error))
    return _not_found(error)


def _not_allowed(_error: Exception) -> Response:
    account = context.find_account()
    log.warning("access.refused", account=str(account.id) if account else None)
    return apology(
        403, _("Your role does not include this"),
        _("Ask the Location Manager or the help desk if you need it for your work."),
    )  # fmt: skip


def _conflict(_error: Exception) -> Response:
    return apology(
        409, _("Somebody else changed this meanwhile"),
        _("Open the page again to see what is there now, then make your change once more."),
    )  # fmt: skip


def _sign_in_first(_error: Exception) -> Response:
    realm = next((name for name in _REALMS if _path_is(name)), "helpdesk" if _path_is("help") else None)
    owes_code = waiting() is not None
    if request.method == "GET" or realm is None or owes_code:
        target = page_of_form() or None
        url = url_for("account.sign_in", realm=realm, next=target) if realm else url_for("front.home")
        if owes_code:
            url = url_for("account.second_factor_code", next=target)
        if wants_fragment():
            return Response(status=204, headers={"HX-Redirect": url})
        return redirect(url, 303)  # type: ignore[return-value]
    packed = pack_typed()
    body = render_template("account/session_lost.html", packed=packed, realm=realm, next_url=page_of_form())
    return Response(body, 401)


def _path_is(name: str) -> bool:
    return request.path == f"/{name}" or request.path.startswith(f"/{name}/")


def _too_large(_error: Exception) -> Response:
    return apology(
        413, _("This file is too large"),
        _(
            "Files may have up to %(size)s MB. Split the list into several files and send each.",
            size=context.settings().max_upload_bytes // (1024 * 1024),
        ),
    )  # fmt: skip


def _too_many(_error: Exception) -> Response:
    response = apology(429, _("Too many tries"), _("Please wait fifteen minutes, then try again."))
    response.headers["Retry-After"] = "900"
    return response


def _other(error: HTTPException) -> Response:
    if error.code and error.code < 400 and error.response is not None:
        return error.response  # type: ignore[return-value]
    if error.code == 405:
        return apology(404, _("This page is not here"), _("Go back and try the link or button again."))
    return apology(error.code or 400, _("This request could not be read"), _("Go back and try again."))


def _broken(error: Exception) -> Response:
    if put_off := away.answer_to(error):
        return put_off
    log.error("request.failed", path=request.url_rule.rule if request.url_rule else None, error=type(error).__name__,
              exc_info=error)  # fmt: skip
    return apology(
        500, _("Something went wrong on our side"),
        _("Nothing was changed. Try again in a minute; if it stays so, call the help line below."),
    )  # fmt: skip
