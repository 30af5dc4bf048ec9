"""A pile of paper is entered: one by one with the keyboard, or as a workbook."""
