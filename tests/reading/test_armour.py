"""Text under OpenPGP: the signature goes, no word does."""

from __future__ import annotations

import pytest

from outreach.reading.armour import is_encrypted, without_signature

SIGNED = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWe sign.\n- -- \nAnna\n"
    "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n"
)


def test_the_armour_goes_and_its_escapes_are_undone() -> None:
    assert without_signature(SIGNED) == "We sign.\n-- \nAnna\n"


def test_what_stands_around_the_armour_stays() -> None:
    assert without_signature(f"Above.\n{SIGNED}Below.") == "Above.\nWe sign.\n-- \nAnna\nBelow."


def test_a_signature_cut_off_loses_no_word() -> None:
    cut = SIGNED.partition("-----BEGIN PGP SIGNATURE")[0]

    assert without_signature(cut) == "We sign.\n-- \nAnna\n"


@pytest.mark.parametrize("text", ["We sign.", "> -----BEGIN PGP SIGNED MESSAGE-----\n> x", ""])
def test_other_text_stays(text: str) -> None:
    assert without_signature(text) == text


def test_an_armoured_message_is_encrypted() -> None:
    assert is_encrypted("Hello\n-----BEGIN PGP MESSAGE-----\n\nhQEM")
    assert not is_encrypted("> -----BEGIN PGP MESSAGE-----\n> hQEM\n\nI cannot open this.")
