"""Gender, race and ethnicity as the registration asks them.

Race and ethnicity codes are those of the CDC race and ethnicity code set (CDCREC) used by the COVID-19
Vaccination Reporting Specification, elements 9 (sex), 16-21 (race) and 22 (ethnicity). The federal extract
has no value for "Prefer not to say": `reported` is what it becomes there. Asking with that answer, and never
leaving the field empty, is what gave North Carolina nearly complete figures.
"""

from app.domain.program.lookup import Choice, Choices

DECLINED = "declined"
_DECLINED_WORDS = ("Prefer not to answer", "Decline", "Refused", "Choose not to answer")

GENDERS = Choices(
    (
        Choice("female", "Female", ("F", "Woman"), "F"),
        Choice("male", "Male", ("M", "Man"), "M"),
        Choice("other", "Other / non-binary", ("Other", "Non-binary", "Nonbinary", "X", "O"), "U"),
        Choice(DECLINED, "Prefer not to say", (*_DECLINED_WORDS, "Unknown", "U"), "U"),
    )
)

RACES = Choices(
    (
        Choice(
            "1002-5",
            "American Indian or Alaska Native",
            ("American Indian", "Alaska Native", "American Indian/Alaska Native", "Native American", "AIAN"),
            "1002-5",
        ),
        Choice("2028-9", "Asian", (), "2028-9"),
        Choice(
            "2054-5",
            "Black or African American",
            ("Black", "African American", "Black/African American"),
            "2054-5",
        ),
        Choice(
            "2076-8",
            "Native Hawaiian or Other Pacific Islander",
            ("Native Hawaiian", "Pacific Islander", "Native Hawaiian or Pacific Islander", "NHPI"),
            "2076-8",
        ),
        Choice("2106-3", "White", ("Caucasian",), "2106-3"),
        Choice("2131-1", "Other", ("Other race", "Some other race"), "2131-1"),
        Choice(DECLINED, "Prefer not to say", (*_DECLINED_WORDS, "Unknown", "UNK"), "UNK"),
    )
)

ETHNICITIES = Choices(
    (
        Choice(
            "2135-2",
            "Hispanic or Latino",
            ("Hispanic", "Latino", "Latina", "Latinx", "Hispanic/Latino"),
            "2135-2",
        ),
        Choice(
            "2186-5",
            "Not Hispanic or Latino",
            ("Not Hispanic", "Non-Hispanic", "Non-Hispanic or Latino", "Not Latino", "Not Hispanic/Latino"),
            "2186-5",
        ),
        Choice(DECLINED, "Prefer not to say", (*_DECLINED_WORDS, "Unknown", "UNK"), "UNK"),
    )
)
