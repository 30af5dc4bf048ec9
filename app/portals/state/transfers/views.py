"""Transfers and redistributions wait for the state: the queue, one of them, and the decision."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.accounts.access import Permission
from app.domain.transfers import decide, overdue, queries, states
from app.domain.transfers.errors import BadTransfer, NoAgreement, NotNow, NotOneOrganization
from app.portals.state.portal import portal
from app.web import context, transfer_words
from app.web.answers import done, show
from app.web.context import actor, db, now
from app.web.forms import Form
from app.web.paging import Pager, after_from_request

_DECIDE = Permission.DECIDE_TRANSFERS
_LONG = Length(max=500, message=_l("Use %(max)d characters or fewer"))


class ApproveForm(Form):
    """A few words, or none."""

    why = TextAreaField(_l("A few words to both sides, if you like"), [Optional(), _LONG])


class RejectForm(Form):
    """A reason, which both sides read."""

    why = TextAreaField(_l("Why is it not approved?"), [InputRequired(_l("Say why; both sides read it")), _LONG])


@portal.page("/transfers", needs=_DECIDE)
def transfers() -> Response:
    """What waits for a decision, the longest waiting first; or all, newest first."""
    everything = request.args.get("show") == "all"
    after = after_from_request()
    if everything:
        found = queries.list_transfers(db(), actor(), after=after)
    else:
        found = queries.queue_of_state(db(), actor(), after=after)
    return show(
        "state/transfers/list.html", found=found.items, pager=Pager(found), everything=everything, words=transfer_words,
        late=overdue.too_long_on_the_way(db(), actor(), now=now())[:20],
    )  # fmt: skip


@portal.page("/transfers/<uuid:transfer_id>", needs=_DECIDE)
def transfer(transfer_id: UUID) -> Response:
    """One of them, as its two sides see it."""
    found = queries.get_transfer(db(), actor(), transfer_id)
    return show(
        "state/transfers/transfer.html", transfer=found, words=transfer_words, steps=queries.steps_of(db(), found),
        acts=states.acts(found.status, "state"),
        late=transfer_words.is_late(found, now()),
    )  # fmt: skip


@portal.action("/transfers/<uuid:transfer_id>/<any(approve,reject):act>", needs=_DECIDE)
def decide_transfer(transfer_id: UUID, act: str) -> Response:
    """It may be shipped, or it may not."""
    found = queries.get_transfer(db(), actor(), transfer_id)
    back = url_for("state.transfer", transfer_id=transfer_id)
    form: ApproveForm | RejectForm = ApproveForm() if act == "approve" else RejectForm()
    if form.submitted():
        command = decide.Decide(transfer_id, form.why.data or "")
        try:
            (decide.approve if act == "approve" else decide.reject)(db(), actor(), command, now=now())
        except NotNow:
            return done(back, _("This cannot be decided any more. This is how it stands now."), "warning")
        except BadTransfer as refusal:
            form.form_errors.append(transfer_words.why_bad(refusal))
        except (NotOneOrganization, NoAgreement) as refusal:
            form.form_errors.append(transfer_words.why_not_these(refusal))
        else:
            context.wake("mail")
            told = (
                _("Approved. Both sides get a mail.") if act == "approve" else _("Not approved. Both sides get a mail.")
            )
            return done(url_for("state.transfers"), told)
    return show("state/transfers/decide.html", form=form, transfer=found, act=act, back=back, words=transfer_words)
