"""The code after the password, and the pages on which a person sets up and looks after an authenticator app."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import segno
from flask import Response, abort, flash, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.domain.accounts import attempts, second_factor
from app.domain.accounts.sessions import PER_NAME, WINDOW
from app.portals.account.portal import portal
from app.portals.account.second_factor.forms import AppCodeForm, ChangeForm, CodeForm, KeptForm, OwnPasswordForm
from app.web import context
from app.web import sign_in as signing
from app.web.answers import done, download, go, is_local, show
from app.web.forms import Form, add_error
from app.web.own_password import knows_the_password
from app.web.portal import PUBLIC, SIGNED_IN

if TYPE_CHECKING:
    from app.domain.accounts.models import Account


@portal.action("/second-factor", needs=PUBLIC)
def second_factor_code() -> Response:
    """After the password: the code of the app, or a recovery code."""
    waiting = signing.waiting()
    if waiting is None:
        return go(url_for("account.own_account" if context.find_account() else "front.home"))
    if waiting.waits_for == "set_up":
        return go(url_for("account.set_up_second_factor", next=request.args.get("next", "")))
    form = CodeForm(data={"next": request.args.get("next", "")})
    if form.submitted() and _takes(waiting.account, form):
        signing.sign_in(waiting.account, passed=True)
        left = second_factor.standing(context.db(), waiting.account, now=context.now()).codes_left
        if left < 3:
            flash(_("Few recovery codes are left. Make new ones on the page “Your account”."), "warning")
        context.wake("mail")
        return go(_way_on(form))
    return show("account/second_factor/code.html", form=form)


@portal.action("/second-factor/set-up", needs=PUBLIC)
def set_up_second_factor() -> Response:
    """Scan the picture with the app and type the first code. For whoever is signed in, or must do it to be."""
    waiting = signing.waiting()
    account = waiting.account if waiting and waiting.waits_for == "set_up" else context.account()
    shown = second_factor.address_for_app(
        context.db(), account, name=account.names[0].name if account.names else account.full_name,
        issuer=context.settings().program_name, now=context.now(),
    )  # fmt: skip
    if shown is None:
        return go(url_for("account.manage_second_factor"))
    form = AppCodeForm(data={"next": request.args.get("next", "")})
    if form.submitted() and _confirms(account, form):
        signing.sign_in(account, passed=True)
        context.wake("mail")
        return done(
            url_for("account.recovery_codes", next=form.next.data if is_local(form.next.data or "") else None),
            _("Your authenticator app is set up."),
        )
    address, secret = shown
    parts = [secret[place : place + 4] for place in range(0, len(secret), 4)]
    picture = Markup(segno.make(address, micro=False).svg_inline(border=4, omitsize=True))  # noqa: S704 - made here
    return show("account/second_factor/set_up.html", form=form, picture=picture, parts=parts, forced=waiting is not None)


@portal.action("/second-factor/codes", needs=SIGNED_IN)
def recovery_codes() -> Response:
    """The recovery codes, for a quarter of an hour after they were made."""
    account, form = context.account(), KeptForm(data={"next": request.args.get("next", "")})
    if form.submitted():
        second_factor.codes_are_kept(context.db(), account)
        return go(_way_on(form))
    standing = second_factor.standing(context.db(), account, now=context.now())
    return show("account/second_factor/codes.html", form=form, standing=standing)


@portal.page("/second-factor/codes.txt", needs=SIGNED_IN)
def recovery_codes_file() -> Response:
    """The same as a small text file."""
    standing = second_factor.standing(context.db(), context.account(), now=context.now())
    if not standing.fresh:
        abort(404)
    lines = [_("Recovery codes. Each works once."), context.settings().public_url, "", *standing.fresh, ""]
    return download("\r\n".join(lines).encode(), "recovery-codes.txt", "text/plain")


@portal.action("/second-factor/manage", needs=SIGNED_IN)
def manage_second_factor() -> Response:
    """Turn it on; with a code: new recovery codes, another phone, or off."""
    account, form, begin = context.account(), ChangeForm(), OwnPasswordForm()
    standing = second_factor.standing(context.db(), account, now=context.now())
    if standing.confirmed_at is None and begin.submitted() and knows_the_password(begin, begin.password):
        second_factor.prepare(context.db(), account, now=context.now())
        return go(url_for("account.set_up_second_factor"))
    if standing.confirmed_at and form.submitted() and _takes(account, form):
        url = _change(account, form)
        if url:
            return go(url)
    demanded = bool({grant.role for grant in context.actor().grants} & signing.demanding_roles())
    return show("account/second_factor/manage.html", form=form if standing.confirmed_at else begin, standing=standing,
                demanded=demanded)  # fmt: skip


def _change(account: "Account", form: ChangeForm) -> str | None:
    session, now = context.db(), context.now()
    context.wake("mail")
    if form.act.data == "move":
        second_factor.prepare(session, account, now=now)
        return url_for("account.set_up_second_factor")
    if form.act.data == "off":
        try:
            second_factor.turn_off(session, account, demanding=signing.demanding_roles(), now=now)
        except second_factor.FactorRequired:
            form.form_errors.append(_("Your role needs a second factor. You can move it to another phone."))
            return None
        flash(_("The second factor is off. Your password alone signs you in."), "success")
        return url_for("account.own_account")
    second_factor.new_codes(session, account, now=now)
    return url_for("account.recovery_codes")


def _takes(account: "Account", form: CodeForm) -> bool:
    """A right code, tried not too often."""
    said = _("This code is not right, or it was used already. Wait for the next one in the app, then type it here.")
    return _tried(account, form, second_factor.check, said)


def _confirms(account: "Account", form: AppCodeForm) -> bool:
    """The first code of an app that was just set up."""
    said = _(
        "This is not what the app shows now. Check that the phone sets its clock by itself, and try the next code."
    )
    return _tried(account, form, second_factor.confirm, said)


def _tried(account: "Account", form: CodeForm | AppCodeForm, attempt: Callable[..., object], said: str) -> bool:
    if not _may_try(account, form):
        return False
    try:
        attempt(context.db(), account, form.code.data or "", now=context.now())
    except second_factor.WrongCode as refusal:
        _note_failure(account)
        if isinstance(refusal, second_factor.CodeUsed):
            _tell_of_reuse(account)
        add_error(form.code, said)
        return False
    return True


def _may_try(account: "Account", form: Form) -> bool:
    key = str(account.id)
    if attempts.blocked(context.db(), "second-factor", key, limit=PER_NAME, within=WINDOW, now=context.now()):
        form.form_errors.append(_("Too many tries. Please wait fifteen minutes, then try again."))
        return False
    return True


def _note_failure(account: "Account") -> None:
    parts, key, now = context.database(), str(account.id), context.now()
    context.afterwards(lambda: attempts.note(parts, "second-factor", key, now=now))


def _tell_of_reuse(account: "Account") -> None:
    """Once a day at most: who signs in on two devices within half a minute need not be told each time."""
    parts, whose, now = context.database(), account.id, context.now()
    if attempts.blocked(context.db(), "second-factor-told", str(whose), limit=1, within=attempts.KEPT, now=now):
        return
    context.afterwards(lambda: second_factor.tell_of_reuse(parts, whose, now=now))
    context.afterwards(lambda: attempts.note(parts, "second-factor-told", str(whose), now=now))


def _way_on(form: CodeForm | KeptForm) -> str:
    wanted = form.next.data or ""
    return wanted if is_local(wanted) else url_for("account.choose")
