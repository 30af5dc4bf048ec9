"""The first page of program staff."""
