"""The daily federal extract: CDC's COVID-19 Vaccination Reporting Specification (CVRS), version 2."""
