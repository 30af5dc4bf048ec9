"""What every part of the demonstration is made with: where it is kept, when it plays, and seeded chance."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from app.config import Settings
from app.domain.accounts.access import Actor
from app.domain.recipients.settle_upload import settle_upload
from app.domain.uploads.uploads import TakeUpload, settled_people, take_upload
from app.infra import clock
from app.infra.db import Database
from app.infra.storage import FolderStorage
from app.jobs.demo import people

_OPENS, _OPEN_MINUTES = time(9), 450
_LONGEST_WAIT = timedelta(minutes=150)


@dataclass(frozen=True, slots=True)
class Stage:
    """The parts to build on. All times are told from `now`, so that the demonstration is always of today."""

    database: Database
    storage: FolderStorage
    settings: Settings
    now: datetime
    chance: Random

    @property
    def zone(self) -> ZoneInfo:
        """The program's zone."""
        return self.settings.zone

    @property
    def today(self) -> date:
        """The day in the program's zone."""
        return clock.local_date(self.now, self.zone)

    def ago(self, days: int) -> datetime:
        """The same time of day, so many days before."""
        return self.now - timedelta(days=days)

    def open_hours(self, days: int) -> datetime:
        """Some moment at which a clinic was open, so many days before, or on Saturday where that was a Sunday."""
        day = self.today - timedelta(days=days)
        if day.isoweekday() == 7:
            day -= timedelta(days=1)
        opened = datetime.combine(day, _OPENS, self.zone)
        return (opened + timedelta(minutes=self.chance.randint(15, _OPEN_MINUTES))).astimezone(self.now.tzinfo)

    def earlier_today(self, share: float) -> datetime:
        """A moment of today: 0.0 is two and a half hours ago, or midnight where that is later, and 1.0 is now."""
        midnight, _ = clock.day_bounds(self.today, self.zone)
        return self.now - min(self.now - midnight, _LONGEST_WAIT) * (1 - share)

    def send(
        self, sender: Actor, name: str, scope: tuple[str, UUID], filename: str, rows: list[list[str]], *, days_ago: int
    ) -> list[UUID]:
        """An upload, settled at once. `scope`: the kind of place and its id. Returns the people it names, in order."""
        when = self.open_hours(days_ago)
        command = TakeUpload(*scope, filename, people.as_csv(rows), len(rows), name)
        with self.database.transaction() as session:
            upload_id = take_upload(session, sender, self.storage, command, now=when).id
        settle_upload(self.database, self.storage, upload_id, zone=self.zone, time=lambda: when)
        with self.database.reading() as session:
            return settled_people(session, upload_id)
