"""Ages in whole years, and the days on which they are reached. Local calendar days throughout."""

from datetime import date


def age_on(birth_date: date, day: date) -> int:
    """Age in whole years on a day; somebody born on February 29 is a year older on March 1."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def birthday(birth_date: date, age: int) -> date:
    """The day on which somebody reaches an age; whoever was born on February 29 does so on March 1 in other years."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)
