"""Stock: lots on the shelves of locations, the append-only ledger of their doses, recalls and warnings.

Everything is a use case `f(session, actor, command, *, now)`; those that need the local day take `today` as well.

- `receive_shipment.receive_shipment(…, ReceiveShipment, now, today) -> Shipment`
- `change_lot.change_expiry(…, ChangeExpiry, now, today) -> Lot`,
  `change_lot.change_total(…, ChangeTotal, now) -> Lot`
- `deprecate.deprecate(…, Deprecate, now, today) -> Deprecation`,
  `deprecate.void_deprecation(…, VoidDeprecation, now)`
- `count_stock.count_stock(…, CountStock, now) -> Stocktake`
- `vials.open_vial(…, OpenVial, now, today) -> Vial`,
  `close_day.close_vials(…, CloseVials, now) -> list[Vial]`,
  `close_day.day_balance(session, actor, location_id, day, zone) -> DayBalance`
- `quarantine.quarantine_lot(…, QuarantineLot, now)`, `quarantine.release_lot(…, ReleaseLot, now)`
- `recall.recall(…, MakeRecall, now) -> Recall`, `recall.lift_recall(…, LiftRecall, now) -> Recall`
- `draw_dose.draw_dose(…, DrawDose, now) -> Lot`, `give_back_dose.give_back_dose(…, GiveBackDose, now) -> Lot`
- reading: `queries` (the shelf and the ledger of a lot), `history` (Account History of a location), `warnings`

Lists to choose from are in `reasons.py`, what is refused in `errors.py`.
"""
