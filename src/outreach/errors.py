"""The few errors, named for what the caller decides. The docstring is the message's frame."""

from __future__ import annotations


class OutreachError(Exception):
    """Something a person must act on; the text says what and what to do."""


class SettingsError(OutreachError):
    """The settings are wrong or incomplete."""


class KeyProblem(OutreachError):
    """The key is missing, too widely readable, in the wrong place, or not this campaign's."""


class SealBroken(OutreachError):
    """A sealed value could not be opened: wrong key, wrong row, or changed bytes."""


class DatabaseProblem(OutreachError):
    """The database cannot be used: missing, old, locked, or the disk is full."""


class ServerUnreachable(OutreachError):
    """A mail server could not be reached or broke off; trying again later may help."""


class NotOffered(OutreachError):
    """A mail server cannot do what would be handy; the program goes on without it."""


class MailUnfetchable(OutreachError):
    """One mail cannot be fetched though it lies on the server; the others can. Set it aside."""


class LoginRefused(OutreachError):
    """A mail server refused the password; trying again without a change only locks the account."""


class Displaced(OutreachError):
    """Another installation sends for this mailbox; this one must not until somebody decides."""


class TemplateProblem(OutreachError):
    """A mail template is missing, wrong, or used more than it may."""


class IllegalMove(OutreachError):
    """A record cannot go from its status to the one asked for."""

    def __init__(self, what: str, from_: str, to: str) -> None:
        super().__init__(f"{what} cannot go from {from_} to {to}")
        self.from_ = from_
        self.to = to


class Refused(OutreachError):
    """A command was refused because a rule does not allow it; the text names the rule."""
