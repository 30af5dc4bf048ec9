"""Section A and Section B are filled in step by step: Next, Previous, Pause, and each step saved at once.

What can be kept is in the enrollment as soon as a button was pressed. A text that cannot be kept yet, such as half a
telephone number, waits in an encrypted draft of the one who typed it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _

from app.domain.drafts import drafts
from app.domain.enrollment.errors import EditedByOthers, FieldsRefused, NotNow, Reason
from app.domain.enrollment.fields import Answers, Field, unanswered
from app.portals.enrollment import questions
from app.portals.enrollment.questions import AnswersForm, Typed
from app.web import context
from app.web.answers import done, go, show

Save = Callable[[Typed, int, "Typed | None"], object]


class Answered(Protocol):
    """An enrollment or one of its locations."""

    @property
    def id(self) -> UUID: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def version(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Section:
    """One section of one enrollment or location, as one person fills it in.

    `asked` are the fields of each step in order; `kind` names the drafts; `save` keeps some answers, given the version
    and the answers from which the person started; `page` is the address of a step. `corrections` are open ones.
    """

    kind: str
    subject: Answered
    asked: Mapping[str, tuple[Field, ...]]
    save: Save
    page: Callable[[str], str]
    review: str
    away: str
    corrections: Sequence[Any] = ()
    labels: Mapping[str, Any] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)

    @property
    def steps(self) -> list[str]:
        """The keys of the steps in order."""
        return list(self.asked)

    def finished(self, step: str) -> bool:
        """True when nothing that must be answered is missing on a step."""
        return not unanswered(self.asked[step], self.subject.answers)

    def first_unfinished(self) -> str | None:
        """Where to go on; None when only the review is left."""
        return next((step for step in self.steps if not self.finished(step)), None)

    def neighbour(self, step: str, by: int) -> str | None:
        """The step so many pages on (negative: back); None beyond the ends."""
        place = self.steps.index(step) + by
        return self.steps[place] if 0 <= place < len(self.steps) else None

    def asked_of(self, key: str) -> list[Any]:
        """What the state asks to be corrected in a field."""
        return [correction for correction in self.corrections if correction.field == key]


def turn_step(section: Section, step: str, template: str, **more: Any) -> Response:
    """Answer the page of one step: show it; or keep what was typed and go on, back, or away."""
    asked, status = section.asked[step], None
    form = questions.answers_form(
        asked, section.subject.answers, section.subject.version, kept=_kept(section).get(step), labels=section.labels,
        hints=section.hints,
    )  # fmt: skip
    if form.submitted():
        way = request.form.get("go", "next")
        try:
            return _take(section, step, form, way)
        except FieldsRefused as refused:
            questions.refuse(form, asked, refused.reasons)
            _keep_afterwards(section, step, questions.changed_in(form, asked, section.subject.answers))
        except EditedByOthers as stale:
            questions.tell_both(form, asked, stale, section.subject.answers, section.subject.version)
            status = 409
        except NotNow:
            return done(section.away, _("This cannot be changed at the moment, so nothing was saved."), "warning")
    may_skip = bool(form.errors) and status is None
    return show(template, form=form, status=status, section=section, step=step, asked=asked, may_skip=may_skip, **more)


def _take(section: Section, step: str, form: AnswersForm, way: str) -> Response:
    """Keep the step and say where to go. Raises FieldsRefused where the person wants to go on and cannot."""
    asked, answers = section.asked[step], section.subject.answers
    typed = questions.typed_in(form, asked)
    cleaned, reasons = questions.read(asked, typed, answers)
    bad: dict[str, Reason] = {key: reason for key, reason in reasons.items() if reason != "missing"}
    if (way == "next" and reasons) or (way == "later" and bad):
        raise FieldsRefused(reasons if way == "next" else bad)
    waiting = {key: typed[key] for key in bad}
    section.save(cleaned, questions.version_of(form), questions.seen_in(form))
    _keep(section, step, waiting, paused=way == "pause")
    context.wake("mail")
    if way == "pause":
        return done(section.away, _("What you typed is kept. You can go on at any time."))
    if way == "previous":
        return go(section.page(section.neighbour(step, -1) or step))
    following = section.neighbour(step, 1) if section.first_unfinished() else None
    return go(section.page(following) if following else section.review)


def _kept(section: Section) -> dict[str, Typed]:
    draft = drafts.find_draft(context.db(), context.account().id, section.kind, section.subject.id)
    return dict(draft.data) if draft else {}


def _keep(section: Section, step: str, waiting: Typed, *, paused: bool) -> None:
    """Put what waits into the draft; a draft with nothing in it stays only while the section is paused."""
    who = (context.db(), context.account().id, section.kind, section.subject.id)
    latest = drafts.latest_draft(*who)
    data = {key: value for key, value in (latest.data if latest else {}).items() if key != step}
    if waiting:
        data[step] = waiting
    if data or paused:
        drafts.save_draft(*who, step, data, now=context.now(), paused=paused)
    elif latest:
        drafts.drop_draft(*who)


def _keep_afterwards(section: Section, step: str, typed: Typed) -> None:
    """Keep a page that is shown again with its mistakes, once the request's transaction was undone."""
    database, account_id, now = context.database(), context.account().id, context.now()

    def save() -> None:
        with database.transaction() as session:
            latest = drafts.latest_draft(session, account_id, section.kind, section.subject.id)
            data = {**(latest.data if latest else {}), step: typed}
            drafts.save_draft(session, account_id, section.kind, section.subject.id, step, data, now=now)

    context.afterwards(save)
