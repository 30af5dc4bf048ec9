"""Mails that come in: what a stranger's mail says, told apart from what machines send, and the listener."""
