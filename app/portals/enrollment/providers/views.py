"""The practising providers of a location: the list, one by one, or (from 25 on) by workbook."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.enrollment.errors import FieldsRefused, NotNow, SameProvider
from app.domain.enrollment.lists import TITLES
from app.domain.enrollment.practicing_providers import BY_KEY, AddProvider, add_provider
from app.domain.enrollment.practicing_providers import remove_provider as take_off
from app.domain.enrollment.provider_rows import WORKBOOK_FROM
from app.domain.enrollment.queries import get_provider, providers_of
from app.domain.errors import NotFound
from app.portals.enrollment.portal import portal
from app.portals.enrollment.providers import workbook_views as _workbook_views  # noqa: F401
from app.portals.enrollment.providers.forms import ProviderForm
from app.portals.enrollment.questions import reason_text
from app.portals.enrollment.section_b.place import EDIT, ONE, VIEW, Place, find_place
from app.portals.enrollment.start.forms import EmptyForm
from app.web import context
from app.web.answers import done, go, show
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request

PROVIDERS = f"{ONE}/providers"


@portal.page(PROVIDERS, needs=VIEW)
def providers(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Everybody on the list, and the form for one more."""
    return _show(find_place(enrollment_id, enrolled_location_id), ProviderForm())


@portal.action(f"{PROVIDERS}/new", needs=EDIT)
def new_provider(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Add one by hand."""
    place, form = find_place(enrollment_id, enrolled_location_id), ProviderForm()
    if form.submitted():
        command = AddProvider(enrolled_location_id, **{key: form[key].data or "" for key in BY_KEY})
        try:
            made = add_provider(context.db(), context.actor(), command, now=context.now())
        except FieldsRefused as refused:
            for key, reason in refused.reasons.items():
                add_error(form[key], reason_text(BY_KEY[key], reason))
        except SameProvider:
            add_error(form.license_number, _("Somebody with this license number is on the list already"))
        except NotNow:
            return place.refuse()
        else:
            return done(_list_url(place), _("Added: %(name)s.", name=f"{made.first_name} {made.last_name}"))
    return _show(place, form)


@portal.action(f"{PROVIDERS}/<uuid:provider_id>/remove", needs=EDIT, methods=("POST",))
def remove_provider(enrollment_id: UUID, enrolled_location_id: UUID, provider_id: UUID) -> Response:
    """Take one off the list."""
    place = find_place(enrollment_id, enrolled_location_id)
    provider = get_provider(context.db(), context.actor(), provider_id)
    if provider.enrolled_location_id != enrolled_location_id:
        raise NotFound
    if not EmptyForm().submitted():
        return go(_list_url(place))
    try:
        take_off(context.db(), context.actor(), provider_id, now=context.now())
    except NotNow:
        return place.refuse()
    name = f"{provider.first_name} {provider.last_name}"
    return done(_list_url(place), _("Taken off the list: %(name)s.", name=name))


def _show(place: Place, form: ProviderForm) -> Response:
    found = providers_of(context.db(), place.location, after=after_from_request())
    pager = Pager(found)
    is_long = len(found.items) >= WORKBOOK_FROM or bool(pager.first_url)
    return show(
        "enrollment/providers/list.html", form=form, place=place, providers=found.items, pager=pager, titles=TITLES,
        is_long=is_long, workbook_from=WORKBOOK_FROM, asked=place.asked_of("providers"),
    )  # fmt: skip


def _list_url(place: Place) -> str:
    return url_for("enrollment.providers", **place.ids)
