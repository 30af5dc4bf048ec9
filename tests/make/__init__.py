"""What a test is about, and nothing else. One file per area, re-exported here; every maker commits."""

from tests.make.accounts import (
    PASSWORD,
    account,
    actor,
    administrator,
    contact,
    healthcare_provider,
    manager,
    person,
)
from tests.make.providers import location

__all__ = [
    "PASSWORD",
    "account",
    "actor",
    "administrator",
    "contact",
    "healthcare_provider",
    "location",
    "manager",
    "person",
]
