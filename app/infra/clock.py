"""The one place that asks the machine for the time. Everything else is given it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment in the program's zone."""
    return moment.astimezone(zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """First moment of a local day and of the next one, in UTC; 23 or 25 hours apart when clocks change."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = date.fromordinal(day.toordinal() + 1)
    end = datetime(following.year, following.month, following.day, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def decent_hour(moment: datetime, zone: ZoneInfo, *, first: int, last: int) -> datetime:
    """The moment itself between the local hours `first` and `last` (24-hour clock, `last` is too late), else the next
    moment at `first`.
    """
    local = moment.astimezone(zone)
    if first <= local.hour < last:
        return moment
    day = local.date() if local.hour < first else date.fromordinal(local.toordinal() + 1)
    return datetime(day.year, day.month, day.day, first, tzinfo=zone).astimezone(UTC)
