"""The first page of programme staff."""
