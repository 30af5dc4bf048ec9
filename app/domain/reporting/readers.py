"""Every reader of figures by its name: pages and downloads go through this one table.

They show staff who may view figures everything as it is. For everybody else there is `public.public_figures`.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.reporting.counted import doses_by_day, people_by_county, people_by_group, registration_funnel, totals
from app.domain.reporting.stock import expiring_by_week, inventory_on_hand, wasted_by_reason
from app.domain.reporting.tables import Asked, Figures
from app.domain.reporting.ways import enrollment_times, entry_lag_by_location, upload_funnel

Reader = Callable[[Session, Actor, Asked], Figures]

READERS: dict[str, Reader] = {
    "totals": totals,
    "doses_by_day": doses_by_day,
    "people_by_county": people_by_county,
    "people_by_group": people_by_group,
    "inventory_on_hand": inventory_on_hand,
    "expiring_by_week": expiring_by_week,
    "wasted_by_reason": wasted_by_reason,
    "entry_lag_by_location": entry_lag_by_location,
    "upload_funnel": upload_funnel,
    "registration_funnel": registration_funnel,
    "enrollment_times": enrollment_times,
}
