"""Anybody is found, looked at, and joined with a second record of the same person."""

from uuid import UUID

from flask import Response, url_for

from app.domain.accounts.access import Permission
from app.domain.eligibility.status import status_of
from app.domain.helpdesk.cases_of_person import cases_of_person, people_of_case
from app.domain.organizations.names import name_of_organization
from app.domain.recipients.closing.close_record import closure_of
from app.domain.recipients.finding.find_people import FoundPerson, find_people, note_search
from app.domain.recipients.finding.whole_person import (
    find_person,
    invitations_of,
    lists_with,
    uploads_with,
    ways_in,
)
from app.domain.recipients.guardians.queries import guardians_of
from app.domain.recipients.merging.history import merges_of
from app.domain.recipients.merging.pairs import pairs_with
from app.domain.vaccinations.history import doses_of, series_of
from app.domain.vaccinations.visits_of_person import person_of_proof, visits_of_person
from app.infra.paging import Slice
from app.portals.state.people import join_views, pair_views, wording
from app.portals.state.people.forms import PeopleSearch
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import show
from app.web.context import actor, db, now, today
from app.web.eligibility_words import line_for_clinic
from app.web.paging import Pager, after_from_request
from app.web.sealed import answer_at
from app.web.shown import note_shown

__all__ = ["join_views", "pair_views"]

_FIND = Permission.FIND_PEOPLE


@portal.action("/people", needs=_FIND)
def people() -> Response:
    """One box; what is typed stands sealed in the address, and nobody is shown before something is typed."""
    search = PeopleSearch()
    if search.submitted():
        return answer_at(url_for("state.people", q=search.sealed()))
    typed, after = search.typed.strip(), after_from_request()
    found: Slice[FoundPerson] = Slice()
    if typed:
        found = find_people(db(), actor(), typed, after=after)
        if after is None:
            found = Slice([*_by_papers(typed), *found.items], found.next_after)
        parts, who, shown, moment = context.database(), actor(), found.items, now()
        context.afterwards(lambda: note_search(parts, who, typed, shown, now=moment))
    return show("state/people/search.html", fragment="list", form=search, people=found.items, pager=Pager(found))


@portal.page("/people/<uuid:person_id>", needs=_FIND)
def person(person_id: UUID) -> Response:
    """Who it is, the doses, who acts for them, and which records were joined."""
    found = find_person(db(), actor(), person_id)
    context.note_read("recipient.opened", "recipient", found.id)
    alike = pairs_with(db(), actor(), found.id)
    others = {one.left.id for one in alike} | {one.right.id for one in alike}
    note_shown("recipient.shown_as_likely_duplicate", others - {found.id})
    return show(
        "state/people/person.html", recipient=found, words=wording, closure=closure_of(db(), found.id), now=now(),
        employer=name_of_organization(db(), found.organization_id), series=series_of(doses_of(db(), found.id), today()),
        guardians=guardians_of(db(), actor(), found.id), merges=merges_of(db(), actor(), found.id),
        pairs=alike, may_see_log=actor().may(Permission.VIEW_ACCESS_LOG, at=None),
    )  # fmt: skip


@portal.page("/people/<uuid:person_id>/history", needs=_FIND)
def person_history(person_id: UUID) -> Response:
    """Where somebody is listed and came to, which uploads brought them, and the cases about them."""
    found = find_person(db(), actor(), person_id)
    context.note_read("recipient.history_opened", "recipient", found.id)
    return show(
        "state/people/history.html", recipient=found, words=wording, visits=visits_of_person(db(), actor(), found.id),
        lists=lists_with(db(), actor(), found.id), uploads=uploads_with(db(), actor(), found.id),
        cases=cases_of_person(db(), actor(), found.id),
    )  # fmt: skip


@portal.page("/people/<uuid:person_id>/ways-in", needs=_FIND)
def person_ways_in(person_id: UUID) -> Response:
    """Registration, eligibility, accounts and invitations."""
    found = find_person(db(), actor(), person_id)
    context.note_read("recipient.ways_in_opened", "recipient", found.id)
    return show(
        "state/people/ways_in.html", recipient=found, standing=line_for_clinic(status_of(db(), found, today=today())),
        accounts=ways_in(db(), actor(), found.id), invitations=invitations_of(db(), actor(), found.id),
    )  # fmt: skip


def _by_papers(typed: str) -> list[FoundPerson]:
    """Whom a case is about, or whose proof it is, where a number of one was typed."""
    found = [FoundPerson(one) for one in people_of_case(db(), actor(), typed)]
    owner = person_of_proof(db(), actor(), typed)
    told = {one.recipient.id: one for one in [*found, *([FoundPerson(owner)] if owner else [])]}
    return list(told.values())


