"""Mail addresses as people type them, on the command line and in forms."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from outreach.errors import Refused


def valid_address(address: str) -> str:
    """The address in the form it is stored in everywhere; a typing mistake would protect nobody. Raises Refused."""
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError as problem:
        raise Refused(f"That is no address: {problem}") from None
    return found.ascii_email or found.normalized
