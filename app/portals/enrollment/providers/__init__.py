"""The practising providers of a location, by hand or by workbook."""
