"""Registration without an invitation, up to the password; the questions after it are the Recipient Portal's."""
