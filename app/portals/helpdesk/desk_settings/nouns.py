"""The kinds of data that have a list and a form each: what a list shows, what a form holds, and how it is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.helpdesk import desk
from app.domain.helpdesk.lists import AUDIENCES
from app.domain.helpdesk.steering import announcements, clock_days, ready_answers, request_types, routes
from app.domain.helpdesk.steering.history import Days
from app.portals.helpdesk import wording
from app.portals.helpdesk.desk_settings import forms, words
from app.web import context
from app.web.forms import choices

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: its name, what else is told, its days, and whether this reader may change it."""

    id: UUID
    name: str
    cells: tuple[str, ...]
    days: Days
    may_change: bool = True


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of data. `fixed` are fields that one which is there already keeps; `hints` by field."""

    code: str
    title: Any
    new: Any
    lead: Any
    headings: tuple[Any, ...]
    form: type[forms.DataForm]
    rows: Callable[[], list[Row]]
    get: Callable[[UUID], Any]
    fill: Callable[[Any], dict[str, Any]]
    offer: Callable[[Any], None]
    save: Callable[[Any, UUID | None], Any]
    fixed: tuple[str, ...] = ()
    hints: dict[str, Any] | None = None


def _who() -> tuple[Any, Any]:
    return context.db(), context.actor()


def _when() -> dict[str, Any]:
    return {"now": context.now(), "today": context.today()}


def _days(form: Any) -> Days:
    return Days(form.first_day.data, form.last_day.data)


def _id(typed: str | None) -> UUID:
    try:
        return UUID(typed or "")
    except ValueError:
        return NOBODY


def _number(typed: str | None) -> int | None:
    text = (typed or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _periods(kept: Any) -> dict[str, Any]:
    return {"first_day": kept.effective_from, "last_day": kept.effective_to}


def _audiences(empty: Any = None) -> Any:
    return choices([(one, wording.AUDIENCES[one]) for one in AUDIENCES], empty=empty)


def _teams() -> dict[UUID, str]:
    return {team.id: _(team.name) for team in desk.teams(context.db())}


def _priorities(empty: Any = None) -> Any:
    return choices([(str(number), label) for number, label in wording.PRIORITIES.items()], empty=empty)


def _announcement_rows() -> list[Row]:
    zone = context.settings().zone
    return [
        Row(one.id, one.text, (words.audience(one.audience),), announcements.days_of(one, zone))
        for one in announcements.list_announcements(*_who())
    ]


def _fill_announcement(kept: Any) -> dict[str, Any]:
    days = announcements.days_of(kept, context.settings().zone)
    return {
        "audience": kept.audience, "text": kept.text, "text_es": kept.text_es, "first_day": days.first,
        "last_day": days.last,
    }  # fmt: skip


def _offer_announcement(form: Any) -> None:
    form.audience.choices = _audiences(empty=_("Everybody"))


def _save_announcement(form: Any, kept_id: UUID | None) -> Any:
    command = announcements.SaveAnnouncement(
        form.audience.data or "", form.text.data or "", form.text_es.data or "", _days(form)
    )
    return announcements.save_announcement(
        *_who(), kept_id, command, form.seen.data or "", zone=context.settings().zone, **_when()
    )


def _type_rows() -> list[Row]:
    teams = _teams()
    return [
        Row(
            kind.id, wording.about(kind), (str(wording.AUDIENCES[kind.audience]), str(kind.position), teams[kind.team_id]),
            Days(kind.effective_from, kind.effective_to),
        )
        for kind in request_types.list_request_types(*_who())
    ]  # fmt: skip


def _fill_type(kept: Any) -> dict[str, Any]:
    return {
        "audience": kept.audience, "name": kept.name, "name_es": kept.name_es, "position": str(kept.position),
        "team": str(kept.team_id), "priority": str(kept.priority), **_periods(kept),
    }  # fmt: skip


def _offer_type(form: Any) -> None:
    form["audience"].choices = _audiences()
    form.team.choices = choices([(str(key), name) for key, name in _teams().items()])
    form.priority.choices = _priorities()


def _save_type(form: Any, kept_id: UUID | None) -> Any:
    command = request_types.SaveRequestType(
        form["audience"].data or "" if "audience" in form else "", form["name"].data or "", form.name_es.data or "", _number(form.position.data),
        _id(form.team.data), _number(form.priority.data) or 0, _days(form),
    )  # fmt: skip
    return request_types.save_request_type(*_who(), kept_id, command, form.seen.data or "", **_when())


def _route_rows() -> list[Row]:
    teams, kinds = _teams(), {kind.id: wording.about(kind) for kind in desk.all_request_types(context.db())}
    return [
        Row(
            one.id, kinds[one.request_type_id] if one.request_type_id else _("All request types"),
            (
                str(wording.AUDIENCES[one.audience]),
                str(words.LANGUAGES[one.language]) if one.language else _("All"), teams[one.team_id],
            ),
            Days(one.effective_from, one.effective_to),
        )
        for one in routes.list_routes(*_who())
    ]  # fmt: skip


def _fill_route(kept: Any) -> dict[str, Any]:
    return {
        "audience": kept.audience, "request_type": str(kept.request_type_id or ""), "language": kept.language,
        "team": str(kept.team_id), "priority": str(kept.priority or ""), **_periods(kept),
    }  # fmt: skip


def _offer_route(form: Any) -> None:
    form.audience.choices = _audiences()
    kinds = desk.all_request_types(context.db())
    labels = [(str(kind.id), f"{wording.AUDIENCES[kind.audience]}: {wording.about(kind)}") for kind in kinds]
    form.request_type.choices = choices(labels, empty=_("All request types"))
    form.language.choices = choices(words.LANGUAGES.items(), empty=_("All"))
    form.team.choices = choices([(str(key), name) for key, name in _teams().items()])
    form.priority.choices = _priorities(empty=_("As its type says"))


def _save_route(form: Any, kept_id: UUID | None) -> Any:
    command = routes.SaveRoute(
        form.audience.data or "", _id(form.request_type.data) if form.request_type.data else None,
        form.language.data or "", _id(form.team.data), _number(form.priority.data), _days(form),
    )  # fmt: skip
    return routes.save_route(*_who(), kept_id, command, form.seen.data or "", **_when())


def _answer_rows() -> list[Row]:
    teams, may = _teams(), context.actor().may
    return [
        Row(
            one.id, one.name, (teams[one.team_id] if one.team_id else _("All teams"), str(words.LANGUAGES[one.language])),
            Days(one.effective_from, one.effective_to),
            may_change=one.team_id is None or may(Permission.MANAGE_HELP_DESK, at=one.team_id),
        )
        for one in ready_answers.list_ready_answers(*_who())
    ]  # fmt: skip


def _fill_answer(kept: Any) -> dict[str, Any]:
    return {
        "team": str(kept.team_id or ""), "name": kept.name, "language": kept.language, "text": kept.text,
        **_periods(kept),
    }  # fmt: skip


def _offer_answer(form: Any) -> None:
    may = context.actor().may
    own = [(str(key), name) for key, name in _teams().items() if may(Permission.MANAGE_HELP_DESK, at=key)]
    form.team.choices = choices(own, empty=_("All teams"))
    form.language.choices = choices(words.LANGUAGES.items())


def _save_answer(form: Any, kept_id: UUID | None) -> Any:
    command = ready_answers.SaveReadyAnswer(
        _id(form.team.data) if form.team.data else None, form["name"].data or "", form.language.data or "",
        form.text.data or "", _days(form),
    )  # fmt: skip
    return ready_answers.save_ready_answer(*_who(), kept_id, command, form.seen.data or "", **_when())


_CLOCKS = ("first_reminder_days", "second_reminder_days", "close_days", "reopen_days", "link_days")


def _clock_rows() -> list[Row]:
    rules = clock_days.list_clock_days(*_who())
    ends = [None, *(rule.effective_from for rule in rules)]
    return [
        Row(
            rule.id, words.days(Days(rule.effective_from)),
            (f"{rule.first_reminder_days}, {rule.second_reminder_days}", str(rule.close_days), str(rule.reopen_days)),
            Days(rule.effective_from, following.fromordinal(following.toordinal() - 1) if following else None),
            may_change=rule.effective_from >= context.today(),
        )
        for rule, following in zip(rules, ends, strict=False)
    ]  # fmt: skip


def _fill_clock(kept: Any) -> dict[str, Any]:
    return {"first_day": kept.effective_from} | {name: str(getattr(kept, name)) for name in _CLOCKS}


def _save_clock(form: Any, kept_id: UUID | None) -> Any:
    command = clock_days.SaveClockDays(form.first_day.data, **{name: _number(form[name].data) for name in _CLOCKS})
    return clock_days.save_clock_days(*_who(), kept_id, command, form.seen.data or "", **_when())


_LAST = _l("Leave it empty: it holds for good.")
NOUNS: dict[str, Noun] = {
    one.code: one
    for one in (
        Noun(
            "announcements", _l("Announcements"), _l("New announcement"),
            _l("What many would ask about, at the top of the help desk's pages. Seen from the first day to the last."),
            (_l("Shown to"),), forms.AnnouncementForm, _announcement_rows,
            lambda key: announcements.get_announcement(*_who(), key), _fill_announcement, _offer_announcement,
            _save_announcement, hints={"text_es": _l("Where it is empty, the English text is shown.")},
        ),
        Noun(
            "request-types", _l("Request types"), _l("New request type"),
            _l("What a request can be about. One with a last day is offered no more from the day after; its cases stay."),
            (_l("Audience"), _l("Place"), _l("Team")), forms.RequestTypeForm, _type_rows,
            lambda key: request_types.get_request_type(*_who(), key), _fill_type, _offer_type, _save_type,
            fixed=("audience",), hints={"last_day": _LAST, "position": _l("The smallest number comes first.")},
        ),
        Noun(
            "routes", _l("Routing rules"), _l("New routing rule"),
            _l("A request goes to the team of its type, unless one of these fits. The closest wins: a rule for its type, "
               "then one for its language, then the newest."),
            (_l("Audience"), _l("Language"), _l("Goes to team")), forms.RouteForm, _route_rows,
            lambda key: routes.get_route(*_who(), key), _fill_route, _offer_route, _save_route, hints={"last_day": _LAST},
        ),
        Noun(
            "ready-answers", _l("Ready answers"), _l("New ready answer"),
            _l("Texts that agents put into an answer with one press."), (_l("Team"), _l("Language")),
            forms.ReadyAnswerForm, _answer_rows, lambda key: ready_answers.get_ready_answer(*_who(), key), _fill_answer,
            _offer_answer, _save_answer, hints={"last_day": _LAST},
        ),
        Noun(
            "clocks", _l("Days of the clocks"), _l("Decide anew"),
            _l("When a requester is reminded, when a silent case closes, and for how long it can be opened again. "
               "Calendar days."),
            (_l("Reminders after"), _l("Closed after"), _l("Opened again for")), forms.ClockDaysForm, _clock_rows,
            lambda key: clock_days.get_clock_days(*_who(), key), _fill_clock, lambda form: None, _save_clock,
        ),
    )
}  # fmt: skip
