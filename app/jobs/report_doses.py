"""The federal extract of each day that is over, some hours after midnight, and what an operator types about it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import click
import structlog

from app.domain.accounts.access import system
from app.domain.reporting.cvrs.make_extract import DayNotOver, LaterDayReported, days_to_report, make_extract
from app.infra import clock
from app.infra.db import Database
from app.infra.storage import FolderStorage
from app.web.context import machines

log = structlog.get_logger()
FROM_HOUR = 3
"""Due is noon; what was recorded about midnight has long been committed by three."""


def report_due(database: Database, storage: FolderStorage, *, zone: ZoneInfo, now: datetime) -> int:
    """Make the extracts of all days that are over and not reported. Returns how many."""
    today, made = clock.local_date(now, zone), 0
    if now.astimezone(zone).hour < FROM_HOUR:
        return made
    with database.reading() as session:
        days = list(days_to_report(session, today=today))
    for day in days:
        make_extract(database, storage, system("report-doses"), day, zone=zone, now=now)
        log.info("federal_extract.made", day=day.isoformat())
        made += 1
    return made


@click.command("extract")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), required=False)
def extract(day: datetime | None) -> None:
    """Make the federal extract of DAY, or of every day that is over and not reported."""
    parts = machines()
    zone, now = parts.settings.zone, clock.now()
    with parts.database.reading() as session:
        days: list[date] = [day.date()] if day else list(days_to_report(session, today=clock.local_date(now, zone)))
    for one in days:
        try:
            make_extract(parts.database, parts.storage, system("extract"), one, zone=zone, now=now)
        except DayNotOver as error:
            raise click.ClickException(f"{one} is not over.") from error
        except LaterDayReported as error:
            raise click.ClickException(f"The doses of {one} were reported with those of {error.day}.") from error
        click.echo(f"The extract of {one} is made: it is on the page Federal reporting of the State Portal.")
    if not days:
        click.echo("Every day that is over is reported.")
