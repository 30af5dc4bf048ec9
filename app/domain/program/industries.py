"""The industries an organization or a person works in.

The names are those of the sectors in North Carolina's COVID-19 vaccination plan of January 2021: people of
the *frontline* sectors were group 3 where they had to be at the work place, everyone else of them and the
*essential* sectors group 4; health care with patients and long-term care were group 1. Phases decide what a
sector means on a given day.
"""

from dataclasses import dataclass
from typing import Literal

from app.domain.program.living import Living

Sector = Literal["care", "frontline", "essential", "none"]
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry; `sector` places it in the state's plan, and `label_es` is the Spanish that the state wrote."""

    code: str
    label: str
    sector: Sector
    also: tuple[str, ...] = ()
    label_es: str = ""


INDUSTRIES = Living(
    "industries",
    (
        Industry("chemical", "Chemical", "essential"),
        Industry(
            "commercial",
            "Commercial facilities (retail, hotels)",
            "essential",
            ("Commercial facilities", "Retail", "Hotels"),
        ),
        Industry("communications", "Communications and information technology", "essential", ("IT",)),
        Industry("manufacturing", "Critical manufacturing", "frontline"),
        Industry("defense", "Defense industrial base", "essential", ("Defence industrial base",)),
        Industry("education", "Education and child care", "frontline", ("Child care", "Education and childcare")),
        Industry("energy", "Energy", "essential"),
        Industry("essential_goods", "Essential goods", "frontline"),
        Industry("finance", "Financial services", "essential"),
        Industry("food", "Food and agriculture", "frontline", ("Agriculture",)),
        Industry("government", "Government and community services", "frontline", ("Community services",)),
        Industry("health_care", "Health care and public health", "frontline", ("Healthcare", "Public health")),
        Industry("hygiene", "Hygiene products and services", "essential"),
        Industry("long_term_care", "Long-term care", "care"),
        Industry("public_safety", "Public safety", "frontline"),
        Industry(
            "public_works",
            "Public works and infrastructure",
            "essential",
            ("Public works and infrastructure support",),
        ),
        Industry("housing", "Residential facilities, housing and real estate", "essential", ("Real estate",)),
        Industry("transportation", "Transportation", "frontline"),
        Industry("water", "Water and wastewater", "essential"),
        Industry(OTHER, "Other", "none"),
    ),
)
