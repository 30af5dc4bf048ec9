"""The 45 elements of the extract, in their order, as a table (CVRS version 2, "Data elements").

`vaccination`: required (`Y`), required if known (`K`), never sent (`-`), or the word Redacted in the redacted model (`R`).
`longest` in characters. `values`: the value set, None where any text is allowed. Refusals, which the specification
leaves to the sender's choice, are not sent: which vaccine was declined is not asked.
"""

from dataclasses import dataclass
from typing import Literal

from app.domain.enrollment.lists import PROVIDER_TYPES
from app.domain.program.counties import COUNTIES
from app.domain.program.states import STATES
from app.domain.vaccinations.sites import SITES

Kind = Literal["text", "date", "county", "state", "zip", "pin", "number"]
YES_NO_UNKNOWN = ("YES", "NO", "UNK")
RACES = ("1002-5", "2028-9", "2076-8", "2054-5", "2106-3", "2131-1", "UNK", "POL")
ETHNICITIES = ("2135-2", "2186-5", "UNK", "POL")
ROUTES = ("C38238", "C28161", "C38284", "C38276", "C38288", "C38676", "C38299", "C38305")
REDACTED = "Redacted"
OUR_COUNTIES = tuple(county.fips for county in COUNTIES.entries)


@dataclass(frozen=True, slots=True)
class Column:
    """One element of the extract."""

    name: str
    vaccination: Literal["Y", "K", "-", "R"]
    kind: Kind = "text"
    longest: int | None = 255
    values: tuple[str, ...] | None = None


def _races() -> tuple[Column, ...]:
    further = tuple(Column(f"recip_race_{place}", "K", values=RACES) for place in range(2, 7))
    return (Column("recip_race_1", "Y", values=RACES), *further)


COLUMNS: tuple[Column, ...] = (
    Column("vax_event_id", "Y"),
    Column("ext_type", "Y", longest=1, values=("D", "P", "I")),
    Column("pprl_id", "-", longest=100),
    Column("recip_id", "Y"),
    Column("recip_first_name", "R"),
    Column("recip_middle_name", "R"),
    Column("recip_last_name", "R"),
    Column("recip_dob", "Y", "date"),
    Column("recip_sex", "Y", values=("M", "F", "U")),
    Column("recip_address_street", "R"),
    Column("recip_address_street_2", "R"),
    Column("recip_address_city", "R"),
    Column("recip_address_county", "K", "county"),
    Column("recip_address_state", "K", "state", values=tuple(state.abbr for state in STATES.entries)),
    Column("recip_address_zip", "K", "zip"),
    *_races(),
    Column("recip_ethnicity", "Y", values=ETHNICITIES),
    Column("admin_date", "Y", "date"),
    Column("cvx", "Y", "number"),
    Column("ndc", "K", longest=50),
    Column("mvx", "K", longest=3),
    Column("lot_number", "K"),
    Column("vax_expiration", "K", "date"),
    Column("vax_admin_site", "K", values=tuple(site.code for site in SITES.entries)),
    Column("vax_route", "K", longest=10, values=ROUTES),
    Column("dose_num", "Y", values=("1", "2", "3", "4", "5", "6", "INV", "UNK")),
    Column("vax_series_complete", "Y", values=YES_NO_UNKNOWN),
    Column("responsible_org", "Y"),
    Column("admin_name", "Y"),
    Column("vtrcks_prov_pin", "K", "pin", longest=6),
    Column("admin_type", "Y", values=(*(kind.code for kind in PROVIDER_TYPES.entries), "UNK")),
    Column("admin_address_street", "K"),
    Column("admin_address_street_2", "K"),
    Column("admin_address_city", "K"),
    Column("admin_address_county", "K", "county"),
    Column("admin_address_state", "K", "state", values=tuple(state.abbr for state in STATES.entries)),
    Column("admin_address_zip", "K", "zip"),
    Column("vax_refusal", "Y", values=("YES", "NO")),
    Column("cmorbid_status", "Y", values=YES_NO_UNKNOWN),
    Column("serology", "Y", values=YES_NO_UNKNOWN),
)
NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
