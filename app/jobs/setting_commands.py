"""What an operator types about the program's settings: `flask --app wsgi cvms setting …`."""

from datetime import date, datetime

import click
from flask.cli import AppGroup

from app.domain.accounts.access import system
from app.domain.program.settings import BadValue, ChangeSetting, UnknownSetting, change_setting, list_settings
from app.infra import clock
from app.web.context import Machines, machines

group = AppGroup("setting", help="See and change the program's settings.")
_ACTOR = system("setting")


def _today(parts: Machines) -> date:
    return clock.local_date(clock.now(), parts.settings.zone)


@group.command("list")
def show_all() -> None:
    """Every setting, its value, since when, and what is decided for later."""
    parts = machines()
    with parts.database.reading() as session:
        for one in list_settings(session, _ACTOR, today=_today(parts)):
            since = f"since {one.since}" if one.since else "as installed"
            click.echo(f"{one.key.name} = {one.text} ({since}): {one.key.label}")
            for coming in one.coming:
                click.echo(f"    from {coming.effective_from}: {one.key.write(coming.value)}")


@group.command("set")
@click.argument("key")
@click.argument("value")
@click.option("--from", "first_day", type=click.DateTime(["%Y-%m-%d"]), help="The first day; today when not given.")
def change(key: str, value: str, first_day: datetime | None) -> None:
    """Change a setting from a day on. What held before stays in its history."""
    parts = machines()
    day = first_day.date() if first_day else _today(parts)
    try:
        with parts.database.transaction() as session:
            change_setting(session, _ACTOR, ChangeSetting(key, value, day), now=clock.now())
    except UnknownSetting as error:
        raise click.ClickException(f"There is no setting {key}. `setting list` shows all.") from error
    except BadValue as error:
        raise click.ClickException(f"{key} must be {error.expected}.") from error
    click.echo(f"{key} = {value} from {day}.")
