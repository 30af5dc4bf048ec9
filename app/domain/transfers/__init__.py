"""Vaccine moves from one enrolled location to another, with the state's approval.

A transfer is unplanned and goes between any two locations; a redistribution is planned and stays within one provider
organization whose officers signed the Redistribution Agreement. The stages are in `states.py`: requested, approved,
shipped, received; rejected by the state; refused by the receiver; cancelled by the sender; what was shipped already
is `returning` until the sender has it back (`returned`).

Use cases, `f(session, actor, command, *, now)`; those that need the local day take `today` as well:

- sender: `request_transfer.request_transfer(…, RequestTransfer, now, today) -> Transfer`,
  `ship.ship(…, Ship, now, today)`,
  `stop.cancel(…, Stop, now)`, `take_back.take_back(…, TakeBack, now)`
- state: `decide.approve(…, Decide, now)`, `decide.reject(…, Decide, now)`
- receiver: `receive.receive(…, Receive, now, today)`, `stop.refuse(…, Stop, now)`
- reading: `queries` (one door for both sides and the state), `overdue` (in transit too long)
"""
