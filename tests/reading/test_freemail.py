"""Domains that show nothing about an organisation."""

from __future__ import annotations

import pytest

from outreach.reading.freemail import is_freemail


@pytest.mark.parametrize("domain", ["gmail.com", "GMAIL.COM", "posteo.de", "yahoo.example", "proton.me."])
def test_a_domain_where_anybody_gets_a_mailbox_is_known(domain: str) -> None:
    assert is_freemail(domain)


@pytest.mark.parametrize("domain", ["solidarity.example", "mygmail.com", "gmail.com.evil.example", ""])
def test_an_organisations_own_domain_is_not_taken_for_one(domain: str) -> None:
    assert not is_freemail(domain)
