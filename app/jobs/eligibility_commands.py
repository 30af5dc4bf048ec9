"""`flask cvms eligibility …`: groups are opened and closed from the command line, as on the page of the State Portal."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from app.domain.accounts.access import system
from app.domain.eligibility import phases
from app.domain.eligibility.close_group import CloseGroup, FollowState, close_group, follow_state
from app.domain.eligibility.errors import ClosedBeforeOpen, NeverOpened
from app.domain.eligibility.open_group import OpenGroup, open_group
from app.domain.eligibility.preview_opening import Change, people_by_group, preview_opening
from app.domain.eligibility.recompute import look_again, recompute_due
from app.domain.eligibility.release_mails import ReleaseMails, release_mails
from app.domain.errors import NotFound
from app.domain.program.counties import county_by_fips, county_by_name
from app.infra import clock
from app.web.context import Machines

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.eligibility.models import Plan

_ACTOR = system("eligibility command")
_DAY = click.DateTime(["%Y-%m-%d"])


eligibility = AppGroup("eligibility", help="Priority groups: see, open and close them.")


@eligibility.command("list")
@click.option("--plan", "plan_code", help="Code of a plan; the one in force if left out.")
def list_groups(plan_code: str | None) -> None:
    """Groups with their openings, and how many registered people are in each."""
    parts, today = _machines(), _today()
    with parts.database.reading() as session:
        plan = _plan(session, plan_code)
        click.echo(f"{plan.code}: {plan.name}")
        in_force = phases.plan_on(session, today)
        counted = people_by_group(session, _ACTOR, today=today) if in_force and plan.id == in_force.id else {}
        for state in phases.list_groups(session, _ACTOR, plan):
            people, eligible = counted.get(state.group.code, (0, 0))
            click.echo(f"  {state.group.code:<5}{state.group.name}: {people:,} people, {eligible:,} of them eligible")
            for county, opening in sorted(state.openings.items()):
                held = ", mail held" if opening.mail_held else ""
                until = f" until {opening.effective_until}" if opening.effective_until else ""
                start = f"from {opening.effective_from}" if opening.effective_from else "closed"
                click.echo(f"       {_county_name(county)}: {start}{until}{held}")


@eligibility.command("open")
@click.argument("group")
@click.argument("day", type=_DAY)
@click.option("--county", help="Only there, whatever holds in the state.")
@click.option("--plan", "plan_code", help="Code of a plan; the one in force if left out.")
@click.option("--hold-mail", is_flag=True, help="Write to nobody yet; `release-mails` lets the mails go.")
@click.option("--preview", is_flag=True, help="Say how many people it makes eligible, and change nothing.")
def open_(group: str, day: datetime, county: str | None, plan_code: str | None, hold_mail: bool, preview: bool) -> None:
    """Open GROUP on DAY (2021-03-17)."""
    fips = _fips(county)
    command = OpenGroup(_group_id(group, plan_code), day.date(), fips, mail_held=hold_mail)
    if not preview:
        with _machines().database.transaction() as session:
            open_group(session, _ACTOR, command, now=clock.now())
    _tell(command, preview=preview)


@eligibility.command("release-mails")
@click.argument("group")
@click.option("--plan", "plan_code", help="Code of a plan; the one in force if left out.")
def release(group: str, plan_code: str | None) -> None:
    """Write to those whom GROUP made eligible while its mails were held."""
    command = ReleaseMails(_group_id(group, plan_code))
    with _machines().database.transaction() as session:
        released = release_mails(session, _ACTOR, command, now=clock.now())
    click.echo("The mails go out with the next run of the worker." if released else "No mails were held.")


@eligibility.command("close")
@click.argument("group")
@click.argument("day", type=_DAY)
@click.option("--county", help="Only there.")
@click.option("--plan", "plan_code", help="Code of a plan; the one in force if left out.")
def close(group: str, day: datetime, county: str | None, plan_code: str | None) -> None:
    """Close GROUP: DAY is the first on which it is closed."""
    command = CloseGroup(_group_id(group, plan_code), day.date(), _fips(county))
    try:
        with _machines().database.transaction() as session:
            close_group(session, _ACTOR, command, now=clock.now())
    except NeverOpened as error:
        raise click.ClickException("This group is not open in the state.") from error
    except ClosedBeforeOpen as error:
        raise click.ClickException(f"It opens on {error.opens_on} only.") from error
    _tell(command)


@eligibility.command("follow-state")
@click.argument("group")
@click.option("--county", required=True)
@click.option("--plan", "plan_code", help="Code of a plan; the one in force if left out.")
def follow(group: str, county: str, plan_code: str | None) -> None:
    """Let the county do as the state again."""
    command = FollowState(_group_id(group, plan_code), _fips(county))
    try:
        with _machines().database.transaction() as session:
            follow_state(session, _ACTOR, command, now=clock.now())
    except NeverOpened as error:
        raise click.ClickException("This county does as the state already.") from error
    _tell(command)


@eligibility.command("recompute")
@click.option("--everybody", is_flag=True, help="Also people whose status is up to date.")
def recompute(everybody: bool) -> None:
    """Bring all statuses up to date now, instead of waiting for the worker."""
    parts, people, more = _machines(), 0, True
    if everybody:
        with parts.database.transaction() as session:
            look_again(session, now=clock.now())
    while more:
        kept, more = recompute_due(parts.database, zone=parts.settings.zone, now=clock.now(), at_most=20)
        people += kept.people
        if more:
            click.echo(f"{people:,} people …")
    click.echo(f"{people:,} people were looked at; every status is up to date.")


def _machines() -> Machines:
    found: Machines = current_app.extensions["cvms"]
    return found


def _today() -> date:
    return clock.local_date(clock.now(), _machines().settings.zone)


def _fips(county: str | None) -> str:
    found = county_by_name(county) if county else None
    if county and found is None:
        raise click.BadParameter(f"{county} is not a county of the state.", param_hint="--county")
    return found.fips if found else ""


def _county_name(fips: str) -> str:
    county = county_by_fips(fips)
    return county.name if county else "the state"


def _group_id(code: str, plan_code: str | None) -> UUID:
    """The id of a group. Raises ClickException where there is none."""
    with _machines().database.reading() as session:
        try:
            return phases.group_by_code(session, _plan(session, plan_code), code).id
        except NotFound as error:
            raise click.ClickException(f"There is no group {error}.") from error


def _plan(session: "Session", code: str | None) -> "Plan":
    """The plan of that code, or the one in force. Raises ClickException where there is none."""
    try:
        plan = phases.plan_by_code(session, code) if code else phases.plan_on(session, _today())
    except NotFound as error:
        raise click.ClickException(f"There is no plan {error}.") from error
    if plan is None:
        raise click.ClickException("No plan is in force yet.")
    return plan


def _tell(command: Change, *, preview: bool = False) -> None:
    """What a command does, or did."""
    with _machines().database.reading() as session:
        if not preview:
            click.echo("Done. The worker brings everybody's status up to date within a minute.")
            return
        try:
            found = preview_opening(session, _ACTOR, command, today=_today())
        except NotFound as error:
            raise click.ClickException("That plan is not in force on that day.") from error
    click.echo(f"On {found.day} this makes {found.people_opened:,} registered people eligible.")
    for county, people in sorted(found.opens.items(), key=lambda pair: -pair[1]):
        click.echo(f"  {_county_name(county) if county else 'outside the state'}: {people:,}")
