"""What people do at home who register themselves, page by page."""

from dataclasses import dataclass

from bench.at_the_desk import NotDone, Send, day_fields
from bench.clinics import Person
from bench.visitor import Answer, Roaming, Visitor
from tests import make


@dataclass(slots=True)
class AtHome:
    """Somebody who is not signed in yet."""

    visitor: Visitor | Roaming
    patience: Send

    def register(self, one: Person) -> None:
        """Ask for the mail with the link. Raises NotDone."""
        path = "/account/recipient/register"
        _, hidden = self._open(path).form()
        typed = [
            ("first_name", one.first), ("last_name", one.last), *day_fields("birth_date", one.born), ("email", one.email)
        ]  # fmt: skip
        answer = self.patience(lambda: self.visitor.post(path, [*hidden, *typed]))
        if "check-your-email" not in answer.location:
            raise NotDone(answer)
        self.visitor.leave()

    def follow(self, path: str) -> None:
        """Follow the link of the mail and choose a password. Raises NotDone."""
        _, hidden = self._open(path).form()
        typed = [("password", make.PASSWORD), ("again", make.PASSWORD)]
        answer = self.patience(lambda: self.visitor.post(path, [*hidden, *typed]))
        if answer.status != 303:
            raise NotDone(answer)
        self.visitor.leave()

    def _open(self, path: str) -> Answer:
        answer = self.patience(lambda: self.visitor.get(path))
        if answer.status != 200:
            raise NotDone(answer)
        return answer
