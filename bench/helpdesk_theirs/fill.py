"""Make its tables, its files, an agent, and tickets from standard input, one JSON object a line."""

import json
import sys
from datetime import timedelta

import django
from django.core.management import call_command


def main() -> None:
    """Fill an empty database."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from django.contrib.auth.models import User
    from django.utils import timezone
    from helpdesk.models import Queue, Ticket

    User.objects.create_superuser("agent", "agent@example.org", "Spring2021-doses")
    queue = Queue.objects.create(title="Provider support", slug="provider", allow_public_submission=True)
    now = timezone.now()
    tickets = []
    for line in sys.stdin:
        facts = json.loads(line)
        opened = now - timedelta(days=facts["days"])
        tickets.append(
            Ticket(
                title=f"{facts['first']} {facts['last']}, {facts['organization']}", queue=queue, created=opened,
                modified=opened, submitter_email=facts["email"], status=4 if facts["closed"] else 1,
                description=facts["asked"], priority=3,
            )
        )
    Ticket.objects.bulk_create(tickets, batch_size=500)


if __name__ == "__main__":
    main()
