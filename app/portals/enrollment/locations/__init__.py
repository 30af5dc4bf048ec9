"""The locations of an enrollment with their Vaccine Coordinators, by hand and by workbook."""
