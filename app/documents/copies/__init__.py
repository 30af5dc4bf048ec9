"""A person's copy of everything that is held about them: as data, and as a workbook to read."""
