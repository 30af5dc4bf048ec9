"""The vaccine products of the program's first half year, as rows that the state can change later.

Codes, intervals, ages and dates are those of the federal code sets and emergency use authorizations
(December 2020 to June 2021). The two Moderna vials differ in NDC and handling and are recorded apart.
"""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.program.models import Product


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product as it is first installed; the fields are those of `Product`."""

    code: str
    name: str
    manufacturer: str
    cvx: str
    mvx: str
    ndc_vial: str
    ndc_carton: str
    doses_in_series: int
    interval_days: int | None
    youngest_age: int
    doses_per_vial: int
    volume_ml: str
    fact_sheet: str
    effective_from: date
    effective_to: date | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)


# From the CDC's interim clinical considerations: 2021-01-21 another mRNA product where the first is not to be had, and
# second doses up to 42 days; 2021-03-03 Janssen after one mRNA dose; 2021-08-13 a further mRNA dose for people with a
# weakened immune system; 2021-10-25 a dose given before the grace period does not count (before, none was repeated).
_CLINICAL_MRNA: list[dict[str, Any]] = [
    {"from": "2021-01-21", "mixed_days": 28, "late_days": 42},
    {"from": "2021-08-13", "extra_days": 28},
]
_MODERNA_SHEETS: list[dict[str, Any]] = [
    {"from": "2021-04-01", "fact_sheet": "253088698300034911210401"},
    {"from": "2021-06-01", "fact_sheet": "253088698300034911210601"},
]
# Storage and hours of use of the emergency use authorizations, from the day on which each product began.
_PFIZER_STORAGE = (
    "Ultra-cold from -80 to -60 °C until the expiration date; two weeks from -25 to -15 °C; in a refrigerator five days. "
    "Never frozen again. Before dilution two hours at room temperature."
)
_MODERNA_STORAGE = (
    "From -50 to -15 °C until the expiration date; in a refrigerator 30 days. Never frozen again. Unopened 24 hours at "
    "room temperature."
)
_JANSSEN_STORAGE = "In a refrigerator until the expiration date, never frozen. Unopened 12 hours at 9 to 25 °C."
_MODERNA_RULES = [*_CLINICAL_MRNA, {"from": "2021-10-25", "absolute_days": 24}]

PRODUCTS = (
    ProductRow(
        code="pfizer", name="Pfizer-BioNTech COVID-19 vaccine", manufacturer="Pfizer-BioNTech",
        cvx="208", mvx="PFR", ndc_vial="59267-1000-01", ndc_carton="59267-1000-02",
        doses_in_series=2, interval_days=21, youngest_age=16, doses_per_vial=6, volume_ml="0.3",
        fact_sheet="253088698300033211201201", effective_from=date(2020, 12, 11),
        changes=[
            {"from": "2020-12-11", "storage": _PFIZER_STORAGE},
            *_CLINICAL_MRNA,
            {"from": "2021-05-10", "youngest_age": 12, "fact_sheet": "253088698300033211210501"},
            {"from": "2021-10-25", "absolute_days": 17},
        ],
    ),
    ProductRow(
        code="moderna-10", name="Moderna COVID-19 vaccine, 10-dose vial", manufacturer="Moderna",
        cvx="207", mvx="MOD", ndc_vial="80777-0273-10", ndc_carton="80777-0273-99",
        doses_in_series=2, interval_days=28, youngest_age=18, doses_per_vial=10, volume_ml="0.5",
        fact_sheet="253088698300034911201201", effective_from=date(2020, 12, 18),
        changes=[
            {"from": "2020-12-18", "storage": _MODERNA_STORAGE},
            {"from": "2021-04-01", "beyond_use_hours": 12},
            *_MODERNA_SHEETS, *_MODERNA_RULES,
        ],
    ),
    ProductRow(
        code="moderna-14", name="Moderna COVID-19 vaccine, 14-dose vial", manufacturer="Moderna",
        cvx="207", mvx="MOD", ndc_vial="80777-0273-15", ndc_carton="80777-0273-98",
        doses_in_series=2, interval_days=28, youngest_age=18, doses_per_vial=14, volume_ml="0.5",
        fact_sheet="253088698300034911210401", effective_from=date(2021, 4, 1),
        changes=[
            {"from": "2021-04-01", "storage": _MODERNA_STORAGE, "beyond_use_hours": 12},
            *_MODERNA_SHEETS[1:], *_MODERNA_RULES,
        ],
    ),
    ProductRow(
        code="janssen", name="Janssen (Johnson & Johnson) COVID-19 vaccine", manufacturer="Janssen",
        cvx="212", mvx="JSN", ndc_vial="59676-0580-05", ndc_carton="59676-0580-15",
        doses_in_series=1, interval_days=None, youngest_age=18, doses_per_vial=5, volume_ml="0.5",
        fact_sheet="253088698300036311210201", effective_from=date(2021, 2, 27),
        changes=[
            {"from": "2021-02-27", "storage": _JANSSEN_STORAGE},
            {"from": "2021-03-03", "mixed_days": 28},
            {"from": "2021-04-13", "paused": True},
            {"from": "2021-04-24", "paused": False},
        ],
    ),
)  # fmt: skip


def install_products(session: Session) -> None:
    """Add the products that are not there yet. Those that are there stay as the state has made them."""
    known = set(session.scalars(select(Product.code)))
    session.add_all([Product(**asdict(row)) for row in PRODUCTS if row.code not in known])
    session.flush()


def list_products(session: Session) -> list[Product]:
    """All products by name."""
    return list(session.scalars(select(Product).order_by(Product.name, Product.id)))


def get_product(session: Session, product_id: UUID) -> Product:
    """One product. Raises NotFound."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound
    return product


def product_by_code(session: Session, code: str) -> Product:
    """The product that the code names. Raises NotFound."""
    product = session.scalar(select(Product).where(Product.code == code))
    if product is None:
        raise NotFound
    return product
