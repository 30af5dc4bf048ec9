"""A practice asks to join: applications, agreements, signatures, review by the state.

One enrollment for the organization (Section A), one enrolled location for each of its places (Section B), two officers
who sign once for all of them: the shape of the federal COVID-19 Vaccination Program Provider Agreement.

Who may do what at which place is asked with `access.require_at(session, actor, permission, enrollment_id=…,
enrolled_location_id=None)`: a grant at the enrollment reaches all its locations, a Vaccine Coordinator's grant reaches
one location and lets its holder see the stage of the enrollment around it. A portal's own check calls it.

Use cases (each `f(session, actor, Command, *, now)`; answers are `{key of fields.py: str | list[str]}`, typed, not
yet cleaned; FieldsRefused says why by key):

start_enrollment      start_enrollment(session, StartEnrollment(first_name, last_name, email), now=…)  public
                      invite_organization(…, StartEnrollment) -> Enrollment                            state
                      start_another(session, actor, now=…) -> Enrollment                               signed in
save_section_a        save_section_a(…, SaveSectionA(enrollment_id, answers, version, seen=None)) -> Enrollment
complete_section_a    complete_section_a(…, enrollment_id) -> Enrollment
add_location          add_location(…, AddEnrolledLocation(enrollment_id, answers)) -> EnrolledLocation
change_location       change_location(…, ChangeLocation(enrolled_location_id, answers, version, seen=None)) -> EnrolledLocation
                      remove_location(…, enrolled_location_id, why="") -> EnrolledLocation
import_locations      import_locations(…, ImportLocations(enrollment_id, rows of location_rows)) -> Imported
save_section_b        save_section_b(…, SaveSectionB(enrolled_location_id, answers, version, seen=None))
                      -> EnrolledLocation; raises EditedByOthers
complete_section_b    complete_section_b(…, enrolled_location_id) -> EnrolledLocation
storage_units         add_unit(…, AddUnit(enrolled_location_id, brand, model, kind, inside_key, outside_key)) -> StorageUnit
                      change_unit(…, ChangeUnit(unit_id, brand, model, kind, inside_key, outside_key)) (None: as it is)
                      remove_unit(…, unit_id)
practicing_providers  add_provider(…, AddProvider(enrolled_location_id, first_name, last_name, title, license_number))
                      remove_provider(…, provider_id)
import_providers      import_providers(…, ImportProviders(enrolled_location_id, rows of provider_rows)) -> Imported
sign                  sign(…, Sign(enrollment_id, document, capacity, typed_name, language, text_version, text_sha256,
                      address, enrolled_location_id=None)) -> Signature; submits by itself with the last one
corrections           ask_correction(…, AskCorrection(enrollment_id, field, comment, enrolled_location_id=None))
                      withdraw_correction(…, correction_id); settle_correction(…, correction_id)
                      return_enrollment(…, ReturnEnrollment(enrollment_id, message=""))
approve               approve_location(…, ApproveLocation(enrolled_location_id, provider_pin)) -> EnrolledLocation
                      approve_enrollment(…, enrollment_id)  for an update of Section A alone; suggest_pin(session)
deny                  deny_location(…, Deny(enrolled_location_id, why)); reopen_location(…, Reopen(enrolled_location_id, why));
                      deny_section_a(…, DenySectionA(enrollment_id, why))  changes of Section A in an update
disenroll             disenroll_location(…, Disenroll(enrolled_location_id, why))
update                begin_update(…, BeginUpdate(enrollment_id, enrolled_location_id=None)); cancel_update(…, enrollment_id);
                      cancel_location_update(…, enrolled_location_id)
official              set_official(…, SetOfficial(enrollment_id, answers, enrolled_location_id=None))
invite_again          invite_again(…, InviteAgain(enrollment_id, who, enrolled_location_id=None))
remind                remind_due(database, now=…) -> int  (job)
import_redcap         import_redcap(database, export of redcap_rows, now=…) -> fate of each location  (command)

Queries: `queries` (the doors enrollments_visible_to and enrolled_locations_visible_to, get_enrollment,
get_enrolled_location, get_unit, get_provider, get_signature, my_enrollments, my_locations, list_locations, units_of,
providers_of, corrections_of, events_of, signatures_of), `queue` (list_queue, count_waiting), `progress` (checklist,
awaited, missing, documents_for), `comparison` (changes_of_enrollment, changes_of_location, list_changes_of: old and new).
"""
