"""The lists of the provider agreement form. A state that words them otherwise changes them here.

Provider types carry the numbers under which the federal reporting specification knows them (element
`admin_type`), which are those of the agreement's own list.
"""

from app.domain.program.lookup import Choice, Choices

OTHER_TYPE, OTHER = "28", "other"
UNKNOWN, NOT_APPLICABLE, NO_CAPACITY = "unknown", "not_applicable", "none"

YES_NO = Choices((Choice("yes", "Yes", ("y", "true", "1")), Choice("no", "No", ("n", "false", "0"))))

PROVIDER_TYPES = Choices(
    (
        Choice("1", "Commercial vaccination service provider"),
        Choice("2", "Corrections or detention health services"),
        Choice("3", "Health center: community"),
        Choice("4", "Health center: migrant or refugee"),
        Choice("5", "Health center: occupational"),
        Choice("6", "Health center: STD/HIV clinic"),
        Choice("7", "Health center: student"),
        Choice("8", "Home health care provider"),
        Choice("9", "Hospital"),
        Choice("10", "Indian Health Service"),
        Choice("11", "Tribal health"),
        Choice("12", "Medical practice: family medicine"),
        Choice("13", "Medical practice: pediatrics"),
        Choice("14", "Medical practice: internal medicine"),
        Choice("15", "Medical practice: obstetrics and gynecology", ("Medical practice: OB/GYN",)),
        Choice("16", "Medical practice: other specialty"),
        Choice("17", "Pharmacy: chain"),
        Choice("18", "Pharmacy: independent"),
        Choice("19", "Public health provider: public health clinic"),
        Choice("20", "Public health provider: Federally Qualified Health Center"),
        Choice("21", "Public health provider: Rural Health Clinic"),
        Choice("22", "Long-term care: nursing home or skilled nursing, federally certified"),
        Choice("23", "Long-term care: nursing home or skilled nursing, not federally certified"),
        Choice("24", "Long-term care: assisted living"),
        Choice("25", "Long-term care: intellectual or developmental disability"),
        Choice("26", "Long-term care: combination"),
        Choice("27", "Urgent care"),
        Choice(OTHER_TYPE, "Other"),
    )
)

SETTINGS = Choices(
    (
        Choice("child_care", "Child care or day care"),
        Choice("college", "College, technical school or university"),
        Choice("community_center", "Community center"),
        Choice("correctional", "Correctional or detention facility"),
        Choice("practice", "Health care provider office, health center, practice or outpatient clinic"),
        Choice("hospital", "Hospital (inpatient)"),
        Choice("in_home", "In home"),
        Choice("long_term_care", "Long-term care facility"),
        Choice("pharmacy", "Pharmacy"),
        Choice("public_health", "Public health clinic"),
        Choice("school", "School (kindergarten to grade 12)"),
        Choice("shelter", "Shelter"),
        Choice("pod", "Temporary or off-site clinic: point of dispensing"),
        Choice("mobile", "Temporary location: mobile clinic"),
        Choice("urgent_care", "Urgent care"),
        Choice("workplace", "Workplace"),
        Choice(OTHER, "Other"),
    )
)

POPULATIONS = Choices(
    (
        Choice("pediatric", "General pediatric population"),
        Choice("adult", "General adult population"),
        Choice("seniors", "Adults aged 65 years and older"),
        Choice("long_term_care", "Residents of long-term care facilities"),
        Choice("health_care_workers", "Health care workers"),
        Choice("essential_workers", "Critical infrastructure or essential workers"),
        Choice("military", "Military: active duty and reserves"),
        Choice("veterans", "Military: veterans"),
        Choice("homeless", "People experiencing homelessness"),
        Choice("pregnant", "Pregnant women"),
        Choice("minorities", "People of racial and ethnic minority groups"),
        Choice("tribal", "Tribal communities"),
        Choice("incarcerated", "People who are incarcerated or detained"),
        Choice("rural", "Rural communities"),
        Choice("uninsured", "People who are underinsured or uninsured"),
        Choice("disabilities", "People with disabilities"),
        Choice("conditions", "People with underlying medical conditions"),
        Choice(OTHER, "Other people at higher risk"),
    )
)

UNIT_KINDS = Choices(
    (
        Choice("refrigerator", "Stand-alone refrigerator"),
        Choice("freezer", "Stand-alone freezer"),
        Choice("combination", "Combined refrigerator and freezer", ("Combination",)),
        Choice("pharmaceutical", "Pharmaceutical-grade unit", ("Pharmaceutical grade",)),
        Choice("ultra_low", "Ultra-low freezer", ("Ultra-cold freezer", "ULT freezer")),
    )
)

TITLES = Choices(
    (
        Choice("MD", "MD (physician)", ("M.D.", "Doctor of Medicine", "Physician")),
        Choice("DO", "DO (osteopathic physician)", ("D.O.", "Doctor of Osteopathy")),
        Choice("NP", "NP (nurse practitioner)", ("Nurse Practitioner", "FNP", "ARNP")),
        Choice("PA", "PA (physician assistant)", ("Physician Assistant", "PA-C")),
        Choice("CNM", "CNM (nurse midwife)", ("Certified Nurse Midwife",)),
        Choice("RPh", "RPh (pharmacist)", ("Pharmacist", "PharmD", "Pharm.D.")),
        Choice("DDS", "DDS or DMD (dentist)", ("Dentist", "DMD")),
        Choice(OTHER, "Other with prescribing authority"),
    )
)

IIS_REPORTING = Choices(
    (
        Choice("yes", "Yes, this location reports to the immunization registry", ("Yes",)),
        Choice("no", "No, not yet", ("No",)),
        Choice("not_applicable", "Not applicable", ("N/A", "NA")),
    )
)

REPORTING_SYSTEMS = Choices(
    (
        Choice("CVMS", "CVMS"),
        Choice("NCIR", "NCIR, the North Carolina Immunization Registry", ("NC Immunization Registry",)),
    )
)

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
