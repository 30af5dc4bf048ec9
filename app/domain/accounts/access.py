"""Who acts, and what each role may do. The one table of roles and permissions."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from uuid import UUID

from app.domain.errors import NotAllowed, NotFound

ScopeKind = Literal[
    "program", "location", "organization", "recipient", "enrollment", "enrolled_location", "team", "account"
]


class Permission(StrEnum):
    """What somebody may be allowed to do. Verb first."""

    USE_OWN_ACCOUNT = "use own account"
    VIEW_CLINIC = "view clinic"
    CHECK_IN_RECIPIENTS = "check in recipients"
    REGISTER_WALK_INS = "register walk-ins"
    ADMINISTER_DOSES = "administer doses"
    PRINT_PROOFS = "print proofs"
    VIEW_RECIPIENTS = "view recipients"
    VIEW_INVENTORY = "view inventory"
    MANAGE_INVENTORY = "manage inventory"
    UPLOAD_RECIPIENTS = "upload recipients"
    MANAGE_ORGANIZATIONS = "manage organizations"
    MANAGE_USERS = "manage users"
    MANAGE_KIOSKS = "manage kiosks"
    EXPORT_RECIPIENTS = "export recipients"
    CONFIRM_ORGANIZATION = "confirm organization"
    UPLOAD_PEOPLE = "upload people"
    VIEW_ORGANIZATION = "view organization"
    EDIT_OWN_RECORD = "edit own record"
    VIEW_OWN_RECORD = "view own record"
    ACT_FOR_OTHERS = "act for others"
    VIEW_OPERATIONS = "view operations"
    MANAGE_PROVIDERS = "manage providers"
    MANAGE_STAFF = "manage staff"
    VIEW_ENROLLMENT = "view enrollment"
    VIEW_SECTION_A = "view Section A"
    EDIT_SECTION_A = "edit Section A"
    EDIT_SECTION_B = "edit Section B"
    SIGN_ENROLLMENT = "sign enrollment"
    REVIEW_ENROLLMENTS = "review enrollments"
    DECIDE_HELD_ROWS = "decide held rows"
    MANAGE_TRANSFERS = "manage transfers"
    DECIDE_TRANSFERS = "decide transfers"
    RECALL_VACCINE = "recall vaccine"
    CHANGE_SETTINGS = "change settings"
    DECIDE_GUARDIANSHIPS = "decide guardianships"
    CLOSE_RECORDS = "close records"
    MANAGE_PHASES = "manage phases"
    MANAGE_NOTICES = "manage notices"
    OPEN_CASES = "open cases"
    WORK_CASES = "work cases"
    SUPERVISE_CASES = "supervise cases"
    RUN_WORKBOOKS = "run workbooks"
    MANAGE_HELP_DESK = "manage help desk"
    FIND_PEOPLE = "find people"
    MERGE_PEOPLE = "merge people"
    VIEW_FIGURES = "view figures"
    MAKE_FEDERAL_REPORTS = "make federal reports"
    VIEW_ACCESS_LOG = "view access log"
    BREAK_GLASS = "break glass"
    REVIEW_BREAK_GLASS = "review break-glass"
    VIEW_MAIL_ADDRESSES = "view mail addresses"


class Role(StrEnum):
    """The part somebody plays at a place."""

    LOCATION_MANAGER = "location_manager"
    HEALTHCARE_PROVIDER = "healthcare_provider"
    KIOSK = "kiosk"
    ORGANIZATION_CONTACT = "organization_contact"
    RECIPIENT = "recipient"
    GUARDIAN = "guardian"
    STATE_STAFF = "state_staff"
    STATE_ADMINISTRATOR = "state_administrator"
    STATE_VIEWER = "state_viewer"
    PRIVACY_OFFICER = "privacy_officer"
    ORGANIZATION_ADMINISTRATOR = "organization_administrator"
    VACCINE_COORDINATOR = "vaccine_coordinator"
    OFFICER_CEO = "officer_ceo"
    OFFICER_CMO = "officer_cmo"
    HELP_DESK_REQUESTER = "help_desk_requester"
    HELP_DESK_AGENT = "help_desk_agent"
    HELP_DESK_SUPERVISOR = "help_desk_supervisor"


_CLINIC = frozenset(
    {
        Permission.VIEW_CLINIC,
        Permission.CHECK_IN_RECIPIENTS,
        Permission.REGISTER_WALK_INS,
        Permission.ADMINISTER_DOSES,
        Permission.PRINT_PROOFS,
        Permission.VIEW_RECIPIENTS,
        Permission.VIEW_INVENTORY,
        Permission.CLOSE_RECORDS,
    }
)
_OFFICER = frozenset({Permission.VIEW_ENROLLMENT, Permission.VIEW_SECTION_A, Permission.SIGN_ENROLLMENT})
_STATE = frozenset(
    {
        Permission.VIEW_OPERATIONS,
        Permission.MANAGE_ORGANIZATIONS,
        Permission.VIEW_ENROLLMENT,
        Permission.VIEW_SECTION_A,
        Permission.REVIEW_ENROLLMENTS,
        Permission.DECIDE_HELD_ROWS,
        Permission.DECIDE_TRANSFERS,
        Permission.RECALL_VACCINE,
        Permission.DECIDE_GUARDIANSHIPS,
        Permission.CLOSE_RECORDS,
        Permission.MANAGE_PHASES,
        Permission.MANAGE_NOTICES,
        Permission.FIND_PEOPLE,
        Permission.MERGE_PEOPLE,
        Permission.VIEW_FIGURES,
        Permission.MAKE_FEDERAL_REPORTS,
        Permission.BREAK_GLASS,
    }
)
_PRIVACY = frozenset({Permission.VIEW_FIGURES, Permission.VIEW_ACCESS_LOG, Permission.REVIEW_BREAK_GLASS})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.HEALTHCARE_PROVIDER: _CLINIC,
    Role.LOCATION_MANAGER: _CLINIC
    | {Permission.MANAGE_INVENTORY, Permission.MANAGE_TRANSFERS}
    | {Permission.UPLOAD_RECIPIENTS, Permission.EXPORT_RECIPIENTS}
    | {Permission.MANAGE_ORGANIZATIONS, Permission.MANAGE_USERS, Permission.MANAGE_KIOSKS},
    Role.KIOSK: frozenset({Permission.CHECK_IN_RECIPIENTS}),
    Role.ORGANIZATION_CONTACT: frozenset(
        {Permission.CONFIRM_ORGANIZATION, Permission.UPLOAD_PEOPLE, Permission.VIEW_ORGANIZATION}
    ),
    Role.RECIPIENT: frozenset(
        {Permission.EDIT_OWN_RECORD, Permission.VIEW_OWN_RECORD, Permission.ACT_FOR_OTHERS}
    ),
    Role.GUARDIAN: frozenset({Permission.EDIT_OWN_RECORD, Permission.VIEW_OWN_RECORD}),
    Role.STATE_STAFF: _STATE,
    Role.STATE_ADMINISTRATOR: _STATE
    | _PRIVACY
    | {Permission.MANAGE_PROVIDERS, Permission.MANAGE_STAFF, Permission.CHANGE_SETTINGS, Permission.MANAGE_HELP_DESK}
    | {Permission.VIEW_MAIL_ADDRESSES},
    Role.STATE_VIEWER: frozenset({Permission.VIEW_FIGURES}),
    Role.PRIVACY_OFFICER: _PRIVACY,
    Role.ORGANIZATION_ADMINISTRATOR: frozenset(
        {Permission.VIEW_ENROLLMENT, Permission.VIEW_SECTION_A, Permission.EDIT_SECTION_A}
    ),
    Role.VACCINE_COORDINATOR: frozenset(
        {Permission.VIEW_ENROLLMENT, Permission.EDIT_SECTION_B, Permission.SIGN_ENROLLMENT}
    ),
    Role.OFFICER_CEO: _OFFICER,
    Role.OFFICER_CMO: _OFFICER,
    Role.HELP_DESK_REQUESTER: frozenset({Permission.OPEN_CASES}),
    Role.HELP_DESK_AGENT: frozenset({Permission.WORK_CASES, Permission.RUN_WORKBOOKS}),
    Role.HELP_DESK_SUPERVISOR: frozenset(
        {Permission.WORK_CASES, Permission.RUN_WORKBOOKS, Permission.SUPERVISE_CASES, Permission.MANAGE_HELP_DESK}
    ),
}

SCOPE_OF_ROLE: dict[Role, ScopeKind] = {
    Role.LOCATION_MANAGER: "location",
    Role.HEALTHCARE_PROVIDER: "location",
    Role.KIOSK: "location",
    Role.ORGANIZATION_CONTACT: "organization",
    Role.RECIPIENT: "recipient",
    Role.GUARDIAN: "recipient",
    Role.STATE_STAFF: "program",
    Role.STATE_ADMINISTRATOR: "program",
    Role.STATE_VIEWER: "program",
    Role.PRIVACY_OFFICER: "program",
    Role.ORGANIZATION_ADMINISTRATOR: "enrollment",
    Role.VACCINE_COORDINATOR: "enrolled_location",
    Role.OFFICER_CEO: "enrollment",
    Role.OFFICER_CMO: "enrollment",
    Role.HELP_DESK_REQUESTER: "account",
    Role.HELP_DESK_AGENT: "team",
    Role.HELP_DESK_SUPERVISOR: "team",
}


@dataclass(frozen=True, slots=True)
class GrantedRole:
    """A role at a place. `scope_id` is None for the whole program only."""

    role: Role
    scope_kind: ScopeKind
    scope_id: UUID | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a person with an account, a device, the holder of a mail link, or a job of the system."""

    kind: Literal["person", "device", "link", "system"]
    id: UUID | None
    grants: tuple[GrantedRole, ...] = field(default=())

    def knows(self, place: UUID | None) -> bool:
        """True when any grant reaches the place, or the whole program."""
        return any(grant.scope_id in (place, None) for grant in self.grants)

    def may(self, permission: Permission, *, at: UUID | None) -> bool:
        """True when a grant gives the permission at the place (None: the whole program)."""
        if self.kind == "system" or permission is Permission.USE_OWN_ACCOUNT:
            return True
        return any(
            permission in PERMISSIONS[grant.role] and (grant.scope_kind == "program" or grant.scope_id == at)
            for grant in self.grants
        )

    def require(self, permission: Permission, *, at: UUID | None) -> None:
        """Raise NotFound where the actor has no part at all, NotAllowed where the part does not reach so far."""
        if self.may(permission, at=at):
            return
        if not self.knows(at):
            raise NotFound
        raise NotAllowed

    def places(self, permission: Permission) -> frozenset[UUID]:
        """The places at which the actor holds the permission; empty for staff of the whole program."""
        return frozenset(
            grant.scope_id
            for grant in self.grants
            if grant.scope_id is not None and permission in PERMISSIONS[grant.role]
        )

    def anywhere(self, permission: Permission) -> bool:
        """True when the permission is held at one place or more, or for the whole program."""
        return self.kind == "system" or any(permission in PERMISSIONS[grant.role] for grant in self.grants)

    @property
    def is_state(self) -> bool:
        """True for staff of the whole program."""
        return any(grant.scope_kind == "program" for grant in self.grants)


def system(job: str) -> Actor:
    """The actor of a background job. The name is for the reader of the code."""
    del job
    return Actor(kind="system", id=None)
