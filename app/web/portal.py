"""A blueprint that cannot hold a page without saying who may open it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, make_response, request
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from app.domain.accounts import request_keys
from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.web import context, sent_files
from app.web.answers import apology, go
from app.web.forms import without_nul

View = Callable[..., Any]
Prepare = Callable[[], None]
Steps = tuple[Prepare | None, ...]
PUBLIC = "public"
SIGNED_IN = Permission.USE_OWN_ACCOUNT
Needs = Permission | str


class Portal(Blueprint):
    """What one audience sees. `scope` names the URL parameter that holds the place, where the audience has one.

    `menu` and `place_name` are set by the portal's own module: the entries and the place shown above its pages.
    So is `check`, where a place holds others and the right at the one in the URL is not the whole answer.
    """

    def __init__(
        self, name: str, import_name: str, *, title: Any, url_prefix: str | None = None, scope: str | None = None
    ):
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.title = title
        self.scope = scope
        self.menu: Callable[[UUID | None], list[Any]] = lambda place: []
        self.place_name: Callable[[UUID], str | None] = lambda place: None
        self.check: Callable[[Actor, Permission, dict[str, Any]], None] | None = None
        self.needs: dict[str, Needs] = {}

    def page(self, rule: str, *, needs: Needs) -> Callable[[View], View]:
        """A page that only reads."""
        return self._declare(rule, needs, methods=["GET"])

    def action(
        self, rule: str, *, needs: Needs, methods: tuple[str, ...] = ("GET", "POST"), first: Prepare | None = None,
        from_mail: bool = False, keeps_files: bool = True,
    ) -> Callable[[View], View]:  # fmt: skip
        """A page with a form: a POST that ends well is committed, anything else is not.

        `first` is long work without the database, done for a POST of our own page while others may write. `from_mail`:
        mail programs press the button for their reader (RFC 8058) and hold no token; a secret in the address must then
        be all that is needed to do the one thing that it allows. Files are counted and looked through for what is harmful
        before anything else; not so where a page says that none of them is kept or passed on (`keeps_files`).
        """
        steps = (sent_files.look_first if keeps_files else None, first)
        return self._declare(rule, needs, methods=list(methods), steps=steps, from_mail=from_mail)

    def route(self, *args: Any, **kwargs: Any) -> Any:
        """Not to be used: it would allow a page without a rule of access."""
        raise TypeError("use Portal.page or Portal.action, so that every page says who may open it")

    def place_of(self, arguments: dict[str, Any]) -> UUID | None:
        """The place in the URL, where this portal has one."""
        return arguments.get(self.scope) if self.scope else None

    def arrival(self, rule: str, *, needs: Needs) -> Callable[[View], View]:
        """A GET by which another site sends somebody back with a secret that only this browser's cookie answers to.

        What it writes after `context.write_here()` is committed when it ended well.
        """
        return self._declare(rule, needs, methods=["GET"], arrives=True)

    def _declare(
        self, rule: str, needs: Needs, methods: list[str], steps: Steps = (), from_mail: bool = False,
        arrives: bool = False,
    ) -> Callable[[View], View]:  # fmt: skip
        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(**arguments: Any) -> Response:
                self._check(needs, arguments)
                try:
                    if request.method == "POST":
                        return _carry_out(view, arguments, has_page="GET" in methods, steps=steps, from_mail=from_mail)
                    response = make_response(view(**arguments))
                    if arrives and response.status_code < 400:
                        context.db().commit()
                    return response
                finally:
                    context.let_go()
                    context.settle()

            self.needs[view.__name__] = needs
            self.add_url_rule(rule, endpoint=view.__name__, view_func=guarded, methods=methods)
            return guarded

        return decorate

    def _check(self, needs: Needs, arguments: dict[str, Any]) -> None:
        if needs == PUBLIC:
            return
        actor, permission = context.actor(), Permission(needs)
        place = self.place_of(arguments)
        if self.scope and place is None:
            if permission is not SIGNED_IN and not actor.anywhere(permission):
                raise NotFound
        elif self.check is not None and permission is not SIGNED_IN:
            self.check(actor, permission, arguments)
        else:
            actor.require(permission, at=place)


def _carry_out(
    view: View, arguments: dict[str, Any], *, has_page: bool, steps: Steps, from_mail: bool = False
) -> Response:
    """Run a POST: once for its key, and kept only when it ended well and came from our own page.

    A form that signed somebody in gives its key back: only the first answer holds the session, and a browser that
    sent the form twice shows the second.
    """
    try:
        if not from_mail:
            validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _from_a_stale_page(view, arguments, has_page=has_page)
    _prepare(steps)
    account = context.find_account()
    account_id = account.id if account else None
    key = without_nul(request.form.get("request_key", ""))[:40]
    if key and not request_keys.claim(context.db(), key, account_id, now=context.now()):
        answer = request_keys.find_answer(context.db(), key, account_id)
        flash(_("This was saved already; nothing was done twice."), "info")
        return go(answer or request.path)
    response = make_response(view(**arguments))
    if response.status_code < 400 and not g.get("looked_only"):
        if key:
            target = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
            request_keys.note_answer(context.db(), key, "" if account is None and _somebody_came() else target)
        context.db().commit()
    else:
        g.pop("to_wake", None)
    return response


def _prepare(steps: Steps) -> None:
    """What is done with files before the database is held; without any, nobody's transaction ends for it."""
    wanted = [step for step in steps if step is not None and (step is not sent_files.look_first or request.files)]
    if wanted:
        context.db().commit()
    for step in wanted:
        step()


def _somebody_came() -> bool:
    return context.find_account() is not None or "waiting" in g


def _from_a_stale_page(view: View, arguments: dict[str, Any], *, has_page: bool) -> Response:
    """The page was open too long, or somebody else's page sent this: show the form again, change nothing.

    A view with a page asks `form.submitted()`, which says no now; a bare button's view is not run at all.
    """
    g.csrf_failed = True
    if has_page:
        response = make_response(view(**arguments))
        g.pop("to_wake", None)
        if response.status_code == 422:
            return response
    return apology(
        409,
        _("Please press the button once more"),
        _("The page had been open for a long time, so nothing was changed yet. Go back, and press the button again."),
    )
