"""The desk of those who answer."""

from app.portals.helpdesk.desk import case_views, queue_views, workbook_views

__all__ = ["case_views", "queue_views", "workbook_views"]
