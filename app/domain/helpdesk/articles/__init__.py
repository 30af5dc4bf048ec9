"""Knowledge: articles and guides that answer what many ask, found by what somebody types.

Texts are files beside the code (`texts/<slug>.<language>.md`), so that they change in step with the pages they speak of.
Reading: `library`, `find`. Was it helpful: `judge_article`.
"""
