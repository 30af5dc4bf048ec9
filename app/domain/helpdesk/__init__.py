"""Help desk: requests for help (cases), who answers them, and the clocks that close what nobody answers.

Requesters: open_case, answer_case, settle_case (accept, close, reopen), rate_case, links, register_requester.
Agents: work_case (take, assign, hand over, ask, propose, comment, note), merge_cases, link_by_code, watch_case; run_workbook.
By themselves: clocks. Data: desk (teams, request types, rules, ready answers). Reading: queries, search, figures.
"""
