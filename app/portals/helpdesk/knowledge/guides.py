"""Which article or guide belongs to which page: the link “Help with this page” at the foot of every page.

The longest beginning of the page's name wins. Nothing here asks the database.
"""

from typing import Any

from flask import request, url_for

from app.domain.accounts.access import Permission
from app.web import context

OF_PAGES = {
    "enrollment.": "guide-enrollment",
    "enrollment.start": "enroll-your-practice",
    "enrollment.providers": "practising-providers-list",
    "enrollment.new_provider": "practising-providers-list",
    "provider.": "guide-healthcare-provider",
    "provider.back_entry": "system-is-away",
    "provider.change_lot_expiry": "lot-is-hidden",
    "provider.change_lot_total": "more-doses-per-vial",
    "provider.choose_organization": "bring-in-an-employer",
    "provider.choose_receiver": "transfer-or-redistribution",
    "provider.contact": "bring-in-an-employer",
    "provider.correct_dose_page": "correct-a-dose",
    "provider.deprecate_lot": "waste-and-temperature",
    "provider.dose_record": "correct-a-dose",
    "provider.kiosks": "kiosk-at-the-door",
    "provider.move_dose_page": "correct-a-dose",
    "provider.new_contact": "bring-in-an-employer",
    "provider.new_organization": "bring-in-an-employer",
    "provider.new_transfer": "transfer-or-redistribution",
    "provider.new_user": "give-staff-access",
    "provider.organization": "bring-in-an-employer",
    "provider.paper": "system-is-away",
    "provider.receive_shipment_page": "receive-a-shipment",
    "provider.remove_dose_page": "correct-a-dose",
    "provider.revoke": "kiosk-at-the-door",
    "provider.set_lot_apart": "waste-and-temperature",
    "provider.stock_history": "who-got-our-vaccine",
    "provider.stock_location": "who-got-our-vaccine",
    "provider.transfer": "transfer-or-redistribution",
    "provider.upload": "upload-your-employees",
    "provider.user": "give-staff-access",
    "provider.walk_in": "person-without-employer",
    "organization.": "guide-organization-contact",
    "organization.upload": "upload-people-organization",
    "organization.people": "who-registered-organization",
    "recipient.": "guide-recipient",
    "recipient.access": "who-sees-my-data",
    "recipient.family": "for-my-child",
    "recipient.proof": "proof-of-vaccination",
    "recipient.registration": "change-my-answers",
    "recipient.reminders": "next-dose-reminders",
    "recipient.something_is_wrong": "dose-is-missing",
    "recipient.stop_reminders": "next-dose-reminders",
    "account.access_code": "no-email-address",
    "account.regist": "how-to-register",
    "account.confirm_registration": "how-to-register",
    "front.proof": "proof-of-vaccination",
    "state.": "guide-state-staff",
    "helpdesk.register": "help-desk-for-providers",
    "helpdesk.my_case": "help-desk-for-providers",
    "helpdesk.queue": "guide-help-desk-agent",
    "helpdesk.find_case": "guide-help-desk-agent",
    "helpdesk.figures": "guide-help-desk-agent",
    "helpdesk.case_at_desk": "guide-help-desk-agent",
    "helpdesk.desk_settings": "guide-help-desk-agent",
    "helpdesk.data_list": "guide-help-desk-agent",
    "helpdesk.new_data": "guide-help-desk-agent",
    "helpdesk.one_of_data": "guide-help-desk-agent",
    "helpdesk.team": "guide-help-desk-agent",
    "helpdesk.written_articles": "guide-help-desk-agent",
    "helpdesk.edit_article": "guide-help-desk-agent",
}
OF_REALMS = {
    "enrollment": "guide-enrollment", "provider": "cannot-sign-in-provider", "organization": "sign-in-organization",
    "recipient": "sign-in-recipient", "helpdesk": "help-desk-for-providers",
}  # fmt: skip
MANAGERS = "guide-location-manager"


def help_of_page() -> dict[str, Any]:
    """For the layout: the address of the article or guide of the page being made; the list of articles for others."""
    slug = slug_for(request.endpoint or "", request.view_args or {})
    return {"help_url": url_for("helpdesk.article", slug=slug) if slug else url_for("helpdesk.articles")}


def slug_for(endpoint: str, arguments: dict[str, Any]) -> str | None:
    """The article or guide of a page, by its name; of a sign-in page, by its portal."""
    if endpoint.startswith("account.") and arguments.get("realm") in OF_REALMS:
        return OF_REALMS[arguments["realm"]]
    fitting = [name for name in OF_PAGES if endpoint.startswith(name)]
    slug = OF_PAGES[max(fitting, key=len)] if fitting else None
    if slug == OF_PAGES["provider."] and context.find_account() is not None:
        manages = context.actor().may(Permission.MANAGE_INVENTORY, at=arguments.get("location_id"))
        return MANAGERS if manages else slug
    return slug
