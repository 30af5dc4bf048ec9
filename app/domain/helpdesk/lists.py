"""Lists to choose from, and the teams, request types and rules as they are first installed (domain 8.2, 8.3)."""

from dataclasses import dataclass
from typing import Literal

from app.domain.program.lookup import Choice, Choices

Audience = Literal["provider", "organization", "recipient"]
AUDIENCES: tuple[Audience, ...] = ("provider", "organization", "recipient")
GENERIC_ORGANIZATION = "Generic Vaccine Provider"
"""What a provider's first case shows as the organization; the name typed below it is used from the next one on."""

RESOLUTIONS = Choices(
    (
        Choice("explained", "Answered or explained"),
        Choice("corrected", "Data corrected"),
        Choice("access", "Access given"),
        Choice("defect", "Defect mended"),
        Choice("elsewhere", "For another office, told which"),
        Choice("duplicate", "Asked before"),
        Choice("declined", "Cannot be done, told why"),
    )
)


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A request type as it is first installed."""

    code: str
    name: str
    team: str
    workbook: str = ""
    priority: int = 3


TEAMS = {
    "enrollment": "Provider Enrollment",
    "accounts": "Accounts and access",
    "provider": "Provider support",
    "inventory": "Inventory and transfers",
    "organizations": "Frontline organizations",
    "recipients": "Recipient support",
}

TYPES: dict[Audience, tuple[TypeRow, ...]] = {
    "provider": (
        TypeRow("enrollment_access", "Provider Enrollment: access or account", "enrollment"),
        TypeRow("enrollment_change", "Provider Enrollment: change Section A or B, add a location", "enrollment"),
        TypeRow("provider_list", "Provider Bulk Upload Template (25 or more practicing providers)", "enrollment",
                "providers"),
        TypeRow("users", "HCP User Onboarding", "accounts", "users"),
        TypeRow("recipients", "Recipient Bulk Upload with more than 5,000 people", "provider", "recipients"),
        TypeRow("login", "NCID or sign-in", "accounts", priority=2),
        TypeRow("inventory", "Inventory: shipment, quantity or expiration", "inventory", priority=2),
        TypeRow("transfer", "Transfer or redistribution", "inventory", priority=2),
        TypeRow("wastage", "Wastage or temperature excursion", "inventory", priority=2),
        TypeRow("recipient_record", "Recipient record: duplicate, merge or correction", "provider"),
        TypeRow("administration", "Correction of a recorded dose", "provider"),
        TypeRow("training", "Question or training", "provider"),
        TypeRow("system", "System error", "provider", priority=1),
        TypeRow("provider_other", "Something else", "provider"),
    ),
    "organization": (
        TypeRow("org_access", "Access to the portal or welcome e-mail", "organizations", priority=2),
        TypeRow("org_details", "Details of the organization or its contact", "organizations"),
        TypeRow("org_upload", "Recipient bulk upload", "organizations", "recipients"),
        TypeRow("org_eligibility", "Question about eligibility", "organizations"),
        TypeRow("org_other", "Something else", "organizations"),
    ),
    "recipient": (
        TypeRow("sign_in", "I cannot sign in, or forgot my user name or password", "recipients", priority=2),
        TypeRow("welcome", "I did not get the welcome e-mail", "recipients"),
        TypeRow("registration", "Question about registration", "recipients"),
        TypeRow("personal_data", "My personal data are wrong", "recipients"),
        TypeRow("record", "My vaccination record is missing or wrong", "recipients", priority=2),
        TypeRow("proof", "Proof of vaccination", "recipients"),
        TypeRow("second_dose", "Second dose or appointment", "recipients"),
        TypeRow("language", "Help in another language", "recipients"),
        TypeRow("recipient_other", "Something else", "recipients"),
    ),
}  # fmt: skip

READY_ANSWERS = (
    ("accounts", "Password", "en",
     "Please choose “Forgot password?” on the sign-in page and enter your user name. A link to set a new password is "
     "mailed to the address of your account. If no mail comes within ten minutes, look in the spam folder."),
    ("recipients", "User name", "en",
     "Please choose “Find your user name” on the sign-in page and enter your e-mail address. We mail your user name "
     "to that address."),
    ("recipients", "User name", "es",
     "Elija “Encuentre su nombre de usuario” en la página de inicio de sesión y escriba su correo electrónico. Le "
     "enviaremos su nombre de usuario a esa dirección."),
    ("recipients", "No appointment", "en",
     "Registering is not an appointment. To find a place that vaccinates near you, please see the program's website or "
     "call us; the number is at the foot of each page."),
    ("inventory", "Expiration date", "en",
     "A Location Manager can correct the expiration date: open Vaccine inventory, choose the lot, then “Change the "
     "expiration date”. The lot is offered on the clinic day again at once."),
    ("organizations", "Rows to mend", "en",
     "Open your upload, download the workbook of the rows to mend, correct the cells that are marked, and upload that "
     "file. Rows that were accepted already are not made twice."),
)  # fmt: skip
