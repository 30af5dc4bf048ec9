"""Long forms, one thing per page: Next, Previous, Pause and a review, with nothing typed ever lost.

What was typed is kept as it was typed, page by page, in an encrypted draft: valid or not. A page is finished
once Next found it in order, and stays so only while it is. Two windows on the same page are merged field by
field: what was touched last wins; a field that a window never touched does not undo what another one wrote.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, SelectMultipleField, StringField

from app.domain.drafts import drafts
from app.web import context
from app.web.answers import go, show
from app.web.filters import phone
from app.web.forms import Form, MemorableDateField, PhoneField
from app.web.resume import resumed_fields

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Typed = dict[str, list[str]]
_OURS = {"csrf_token", "request_key"}


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a long form. `lead` is said under its title."""

    key: str
    title: Any
    form: type[Form]
    lead: Any = ""


@dataclass(frozen=True, slots=True)
class LongForm:
    """A form in steps. `kind` names its drafts."""

    kind: str
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step | None:
        """The step of this key."""
        return next((step for step in self.steps if step.key == key), None)

    def number(self, key: str) -> int:
        """The place of a step, counted from 1."""
        return [step.key for step in self.steps].index(key) + 1

    def neighbour(self, key: str, by: int) -> Step | None:
        """The step so many pages on (negative: back); None beyond the ends."""
        place = self.number(key) - 1 + by
        return self.steps[place] if 0 <= place < len(self.steps) else None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a form starts from: answers known already, by step, and whether all steps count as done.

    `version` is that of the record from which the answers come.
    """

    answers: dict[str, Typed] = field(default_factory=dict)
    finished: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """The addresses between which a long form moves."""

    page: Callable[[str], str]
    review: str
    paused: str
    welcome_back: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One question as the review shows it: no texts where it was not answered."""

    label: Any
    texts: list[Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that is not, or no more, what was known when the form was opened."""

    step: Step
    label: Any
    texts: list[Any]
    known: list[Any]


def _leave_as_is(key: str, form: Form) -> None:
    del key, form


class Filling:
    """A long form as one account fills it in about one subject.

    `fit` may change the form of a step to suit the subject, e.g. take out a question that does not apply.
    """

    def __init__(
        self,
        long_form: LongForm,
        subject_id: UUID,
        beginning: Beginning,
        fit: Callable[[str, Form], None] = _leave_as_is,
    ) -> None:
        self.long_form = long_form
        self.subject_id = subject_id
        self.account_id = context.account().id
        self._fit = fit
        self._beginning = beginning
        find = drafts.latest_draft if request.method == "POST" else drafts.find_draft
        self.draft = find(context.db(), self.account_id, long_form.kind, subject_id)
        self._kept: dict[str, Any] = self.draft.data if self.draft else self._first()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return self.long_form.steps

    @property
    def version(self) -> int:
        """The version of the record from which the person began."""
        return int(self._kept["version"])

    @property
    def rests(self) -> bool:
        """True when what was entered should be looked at before going on."""
        return self.draft is not None and drafts.rests(self.draft, now=context.now())

    def typed(self, key: str) -> Typed:
        """What was typed on a page, as it was typed; before that, what was known already."""
        known: Typed = self._beginning.answers.get(key, {})
        return {**self._kept["steps"].get(key, known)}

    def form(self, key: str, typed: Typed | None = None, *, csrf: bool = True) -> Form:
        """The form of a page, filled with what was typed there."""
        step = self.long_form.step(key)
        if step is None:
            raise KeyError(key)
        values = self.typed(key) if typed is None else typed
        pairs = [(name, value) for name, several in values.items() for value in several]
        if csrf and request.method == "POST":
            pairs.append(("csrf_token", request.form.get("csrf_token", "")))
        form = step.form(formdata=MultiDict(pairs), meta={"csrf": csrf})
        self._fit(key, form)
        return form

    def finished(self, key: str) -> bool:
        """True when Next has found the page in order, and it still is."""
        return key in self._kept["done"] and bool(self.form(key, csrf=False).validate())

    def first_unfinished(self) -> Step | None:
        """Where to go on; None when only the review is left."""
        return next((step for step in self.steps if not self.finished(step.key)), None)

    def answers(self, key: str, typed: Typed | None = None) -> Iterator[Answer]:
        """The questions of a page with what was answered."""
        for one in self.form(key, typed, csrf=False):
            if one.name not in _OURS:
                yield Answer(one.label.text, list(_in_words(one)))

    def changes(self) -> Iterator[Change]:
        """The answers that differ from what is known now, in order."""
        for step in self.steps:
            known = self.answers(step.key, self._beginning.answers.get(step.key, {}))
            for mine, theirs in zip(self.answers(step.key), known, strict=True):
                if mine.texts != theirs.texts:
                    yield Change(step, mine.label, mine.texts, theirs.texts)

    def seen(self, key: str) -> str:
        """What is kept of the page now, for its hidden field: a short digest of each value."""
        typed = self.typed(key)
        return json.dumps({name: _digest(typed.get(name)) for name in self._names(key, typed)})

    def posted(self, key: str) -> Typed:
        """What arrived from the page, merged with what another window wrote since the page was shown."""
        mine, kept = request.form.to_dict(flat=False), self.typed(key)
        try:
            seen = dict(json.loads(request.form.get("seen") or "{}"))
        except (TypeError, ValueError):
            seen = {}
        merged: Typed = {}
        for name in self._names(key, {**kept, **mine}):
            untouched = seen.get(name) == _digest(mine.get(name))
            if values := kept.get(name) if untouched else mine.get(name):
                merged[name] = values
        for one in self.form(key, merged, csrf=False):
            if one.name in merged and isinstance(one, StringField):
                merged[one.name] = [str(one.data or "")]
        return merged

    def keep(self, key: str, typed: Typed, *, done: bool = False, paused: bool = False) -> None:
        """Add a page to the draft. A page that was only leafed through makes no draft."""
        leafed = self.draft is None and _filled(typed) == _filled(self.typed(key))
        if leafed and not paused and (not done or key in self._kept["done"]):
            return
        self._save(context.db(), key, typed, done=done, paused=paused)

    def keep_afterwards(self, key: str, typed: Typed) -> None:
        """Keep a page that is shown again with its mistakes, once the request's transaction was undone."""
        database = context.database()

        def save() -> None:
            with database.transaction() as session:
                self._save(session, key, typed)

        self._kept = self._with(self._kept, key, typed)
        context.afterwards(save)

    def take_up(self, key: str) -> None:
        """Go on with a form that rested."""
        self._save(context.db(), key, None)

    def drop(self) -> None:
        """Forget the draft: the form is finished, or is begun anew."""
        drafts.drop_draft(context.db(), self.account_id, self.long_form.kind, self.subject_id)

    def _first(self) -> dict[str, Any]:
        done = [step.key for step in self.steps] if self._beginning.finished else []
        return {"steps": {}, "done": done, "version": self._beginning.version}

    def _with(
        self, kept: dict[str, Any], key: str, typed: Typed | None, *, done: bool = False
    ) -> dict[str, Any]:
        steps = kept["steps"] if typed is None else {**kept["steps"], key: typed}
        return {**kept, "steps": steps, "done": sorted({*kept["done"], key} if done else kept["done"])}

    def _save(
        self, session: "Session", key: str, typed: Typed | None, *, done: bool = False, paused: bool = False
    ) -> None:
        who = (session, self.account_id, self.long_form.kind, self.subject_id)
        latest = drafts.latest_draft(*who)
        self._kept = self._with(latest.data if latest else self._kept, key, typed, done=done)
        self.draft = drafts.save_draft(*who, key, self._kept, now=context.now(), paused=paused)

    def _names(self, key: str, typed: Typed) -> list[str]:
        """The names under which the fields of a page arrive; a date arrives in three parts."""
        form = self.form(key, csrf=False)
        own = [one.name for one in form if one.name not in _OURS]
        parts = tuple(f"{one.name}-" for one in form if isinstance(one, MemorableDateField))
        return own + [name for name in typed if parts and name.startswith(parts)]


def turn_page(filling: Filling, key: str, ways: Ways, template: str, **more: Any) -> Response:
    """Answer the page of one step: show it; or keep what was typed and go on, back, or away."""
    more |= {"filling": filling, "step": filling.long_form.step(key), "ways": ways}
    if request.method != "POST":
        return _show_page(filling, key, ways, template, more)
    typed = filling.posted(key)
    form = filling.form(key, typed)
    if g.get("csrf_failed"):
        form.submitted()
        return show(template, form=form, status=422, **more)
    way = request.form.get("go", "next")
    if way == "pause":
        filling.keep(key, typed, paused=True)
        return go(ways.paused)
    if way == "previous":
        filling.keep(key, typed)
        before = filling.long_form.neighbour(key, -1)
        return go(ways.page(before.key if before else key))
    if not form.submitted():
        filling.keep_afterwards(key, typed)
        return show(template, form=form, **more)
    filling.keep(key, typed, done=True)
    return go(next_page(filling, ways, after=key))


def _show_page(filling: Filling, key: str, ways: Ways, template: str, more: dict[str, Any]) -> Response:
    """Show a page as it was left; as it was being typed, where a session was lost in the middle."""
    resumed = resumed_fields()
    if filling.rests and resumed is None:
        return go(ways.welcome_back)
    typed = None if resumed is None else resumed.to_dict(flat=False)
    return show(template, form=filling.form(key, typed), **more)


def next_page(filling: Filling, ways: Ways, *, after: str | None = None) -> str:
    """Where somebody goes on: the following page, or the review once every page is finished."""
    unfinished = filling.first_unfinished()
    if unfinished is None:
        return ways.review
    following = filling.long_form.neighbour(after, 1) if after else None
    return ways.page((following or unfinished).key)


def go_on(filling: Filling, ways: Ways) -> Response:
    """After the person has looked at what they entered: to the page they chose, or the first unfinished."""
    chosen = filling.long_form.step(request.form.get("step", ""))
    filling.take_up((chosen or filling.first_unfinished() or filling.steps[-1]).key)
    return go(ways.page(chosen.key) if chosen else next_page(filling, ways))


def _filled(typed: Typed) -> Typed:
    """Without what was left empty."""
    return {name: values for name, values in typed.items() if any(values)}


def _digest(values: list[str] | None) -> str:
    return hashlib.sha256(json.dumps([value for value in values or [] if value]).encode()).hexdigest()[:12]


def _in_words(one: Field) -> Iterator[Any]:
    """A typed value as one reads it: the labels of what was chosen, the text itself otherwise."""
    if isinstance(one, BooleanField):
        yield from [_("Yes")] if one.data else []
    elif isinstance(one, PhoneField):
        yield from [phone(one.data)] if one.data else []
    elif choices := getattr(one, "choices", None):
        chosen = one.data if isinstance(one, SelectMultipleField) else [one.data]
        labels = {str(choice.value): choice.label for choice in choices}
        yield from (labels.get(str(code), code) for code in chosen or [] if code)
    else:
        typed = "/".join(one.raw_data or []) if isinstance(one, MemorableDateField) else one.data
        yield from [typed] if typed else []
