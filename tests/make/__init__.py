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
from tests.make.worlds import NOBODY, two_worlds

__all__ = [
    "NOBODY",
    "PASSWORD",
    "account",
    "actor",
    "administrator",
    "contact",
    "healthcare_provider",
    "location",
    "manager",
    "person",
    "two_worlds",
]
