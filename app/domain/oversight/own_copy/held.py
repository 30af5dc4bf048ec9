"""Where something about a person is held: every table of it, and of each the columns that are told.

A test reads the tables of the whole program: one that points to a person must stand here, or among LEFT_OUT with the
reason why, and each of its columns must be told or be among those that tell nothing of the person.
"""

from dataclasses import dataclass
from typing import Any, Literal

from app.domain.accounts.models import Account, GlassOpening, Grant, OutsideIdentity, SignInName, SignInSession
from app.domain.drafts.models import Draft
from app.domain.helpdesk.models import Case, Comment
from app.domain.inventory.models import RecallNotice
from app.domain.recipients.closing.models import RecordClosure
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.joining.models import AccessCode, EmailChange, SelfRegistration
from app.domain.recipients.merging.models import Merge
from app.domain.recipients.models import Listing, Recipient
from app.domain.reminders.models import ReminderSent, ReminderStop
from app.domain.uploads.models import UploadRow
from app.domain.vaccinations.models import Administration, DoseChange, HealthCard, Proof, Visit, VisitConsent

Whose = Literal["record", "account", "visit", "dose", "case"]


@dataclass(frozen=True, slots=True)
class Held:
    """One table. `by` are the columns of which one points to the person's `whose`; `told` are shown, in order.

    `only` narrows it: values that a column must have.
    """

    name: str
    table: Any
    by: tuple[str, ...]
    told: tuple[str, ...]
    whose: Whose = "record"
    only: tuple[tuple[str, tuple[Any, ...]], ...] = ()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


HELD: tuple[Held, ...] = (
    Held("record", Recipient, ("id",), _words(
        "code first_name middle_name last_name suffix birth_date email phone street street_2 city county_fips state_abbr zip "
        "gender races ethnicity language industry organization_id answers source created_at registered_at"
    )),
    Held("places", Listing, ("recipient_id",), _words("scope_id sent_name external_id how listed_at")),
    Held("visits", Visit, ("recipient_id",), _words(
        "location_id day status walk_in arrived_at questionnaire answers screened_at ended_at reason"
    )),
    Held("consents_at_visits", VisitConsent, ("visit_id",), _words("guardian_name relation text consented_at"), "visit"),
    Held("doses", Administration, ("recipient_id",), _words(
        "given_on given_at product_id dose_number lot_id outside_lot location_id place_name site route clinician_name "
        "clinician_suffix fact_sheet status source evidence overrides notes recorded_at"
    )),
    Held("changes_of_doses", DoseChange, ("recipient_id",), _words("made_at location_id kind details")),
    Held("proofs", Proof, ("recipient_id",), _words("issued_at paper language code facts revoked_at revoked_because")),
    Held("health_cards", HealthCard, ("recipient_id",), _words("issued_at revoked_at revoked_because")),
    Held("recalls", RecallNotice, ("recipient_id",), _words("made_at mailed")),
    Held("reminders", ReminderSent, ("recipient_id",), _words("made_at step kind")),
    Held("reminders_stopped", ReminderStop, ("recipient_id",), _words("stopped_at how resumed_at")),
    Held("guardianships", Guardianship, ("dependant_id", "guardian_id"), _words(
        "relation since until consent_text consented_at consent_withdrawn_at ended_at ended_why"
    )),
    Held("self_registrations", SelfRegistration, ("recipient_id",), _words(
        "first_name last_name birth_date email language asked_at confirmed_at"
    )),
    Held("addresses_changed", EmailChange, ("recipient_id",), _words("asked_at email old_email done_at confirmed")),
    Held("codes_on_paper", AccessCode, ("recipient_id",), _words(
        "made_at place_id document expires_at used_at withdrawn_at"
    )),
    Held("records_joined", Merge, ("kept_id", "other_id"), _words("merged_at how undone_at")),
    Held("records_closed", RecordClosure, ("recipient_id",), _words("closed_at died_on place_id undone_at")),
    Held("health_answers_opened", GlassOpening, ("recipient_id",), _words("opened_at until reason outcome")),
    Held("rows_of_uploads", UploadRow, ("subject_id",), _words("settled_at number fate cells"), only=(
        ("fate", ("created", "present")),
    )),
    Held("account", Account, ("id",), _words("first_name last_name email language created_at closed_at"), "account"),
    Held("user_names", SignInName, ("account_id",), _words("realm name"), "account"),
    Held("roles", Grant, ("account_id",), _words("role given_at until ended_at"), "account"),
    Held("sign_ins", SignInSession, ("account_id",), _words("started_at seen_at ended_at device"), "account"),
    Held("outside_identities", OutsideIdentity, ("account_id",), _words("issuer subject linked_at"), "account"),
    Held("unfinished_forms", Draft, ("account_id",), _words("kind step data updated_at paused_at"), "account"),
    Held("requests", Case, ("requester_id",), _words(
        "number opened_at status description details first_name last_name email phone organization_name language resolved_at "
        "closed_at resolution"
    ), "account"),
    Held("said_in_requests", Comment, ("case_id",), _words("at by text"), "case", (("is_public", (True,)),)),
)  # fmt: skip

LEFT_OUT: dict[str, str] = {
    "audit_entry": "told as who opened the record, without names of staff",
    "close_pair": "says that somebody else looks alike",
    "eligibility_status": "follows from the answers; the page of the record tells it",
    "figure_due": "a mark that counters wait",
    "figure_person": "what the person adds to counters, without anything that is not in the record",
    "help_case_record": "that a case of somebody else is about the record is told as who opened it",
    "help_data_change": "settings of the help desk",
    "help_requester": "of vaccine providers, who are no recipients",
    "help_watcher": "which agent looks at a case right now",
    "invitation": "an offer to a mailbox: what came of it is in the account",
    "mail_link": "hashes of links",
    "outbox_message": "ids; the mails themselves are with the person",
    "proof_renewal": "a mark that a proof is made anew",
    "recipient_name_word": "parts of the name, to be found by",
    "recipient_to_compare": "a mark that the record is compared with others",
    "request_key": "keys of forms, for two days",
    "recovery_code": "hashes of codes",
    "second_factor": "the secret of the authenticator app",
    "signature": "of those who sign for providers",
    "stock_entry": "vaccine, not people",
    "stock_warning": "vaccine, not people",
}
