from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import KeyProblem, SealBroken
from outreach.sealing import HEADER, Keyring, new_ref, read_key, write_new_key

KEYRING = Keyring.from_secret(b"k" * 32)
CELL = {"table": "signatory", "column": "contact_sealed", "ref": "abc"}


@given(st.binary())
def test_what_was_sealed_opens_again(plain: bytes) -> None:
    sealed = KEYRING.seal(plain, **CELL)
    assert KEYRING.open(sealed, **CELL) == plain
    assert sealed.startswith(HEADER)


@given(st.binary(min_size=4))
def test_sealed_value_does_not_hold_what_was_sealed(plain: bytes) -> None:
    assert plain not in KEYRING.seal(plain, **CELL)[len(HEADER) :]


def test_same_value_is_sealed_differently_each_time() -> None:
    assert KEYRING.seal(b"rosa@hamburg.example", **CELL) != KEYRING.seal(b"rosa@hamburg.example", **CELL)


@pytest.mark.parametrize("change", [{"table": "prospect"}, {"column": "lines_sealed"}, {"ref": "abd"}], ids=str)
def test_value_moved_to_another_cell_does_not_open(change: dict[str, str]) -> None:
    sealed = KEYRING.seal(b"rosa@hamburg.example", **CELL)
    with pytest.raises(SealBroken):
        KEYRING.open(sealed, **{**CELL, **change})


def test_value_does_not_open_with_another_key() -> None:
    sealed = KEYRING.seal(b"rosa@hamburg.example", **CELL)
    with pytest.raises(SealBroken) as caught:
        Keyring.from_secret(b"o" * 32).open(sealed, **CELL)
    assert "rosa" not in str(caught.value)


@given(st.data())
def test_value_changed_in_any_bit_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(KEYRING.seal(b"rosa@hamburg.example", **CELL))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        KEYRING.open(bytes(sealed), **CELL)


@pytest.mark.parametrize("value", [b"", HEADER, HEADER + b"short", b"rosa@hamburg.example"])
def test_what_is_not_sealed_does_not_open(value: bytes) -> None:
    with pytest.raises(SealBroken):
        KEYRING.open(value, **CELL)


def test_hashes_differ_by_purpose_and_by_key() -> None:
    other = Keyring.from_secret(b"o" * 32)
    hashes = {KEYRING.hash("address", "x"), KEYRING.hash("name", "x"), other.hash("address", "x")}
    assert len(hashes) == 3


def test_hash_of_an_address_takes_no_notice_of_case_and_space() -> None:
    assert KEYRING.address_hash(" Rosa@Hamburg.example ") == KEYRING.address_hash("rosa@hamburg.example")
    assert KEYRING.address_hash("rosa@hamburg.example") != KEYRING.address_hash("rosa@hamburg.invalid")


def test_keyring_does_not_show_its_keys() -> None:
    assert "lookup" not in repr(KEYRING)


def test_refs_are_new_each_time() -> None:
    assert len({new_ref() for _ in range(1000)}) == 1000


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "freedom.key"
    write_new_key(path)
    return path


def test_new_key_can_be_read_by_its_owner_alone(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700


def test_new_key_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_new_key(tmp_path / "a.key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


def test_every_key_is_another(tmp_path: Path) -> None:
    write_new_key(tmp_path / "a.key")
    write_new_key(tmp_path / "b.key")
    one, other = (read_key(tmp_path / name, campaign=tmp_path / "c") for name in ("a.key", "b.key"))
    assert one.hash("x", "y") != other.hash("x", "y")


def test_key_reads_the_same_each_time(key: Path, tmp_path: Path) -> None:
    one, again = (read_key(key, campaign=tmp_path / "campaign") for _ in range(2))
    assert again.open(one.seal(b"x", **CELL), **CELL) == b"x"


def test_key_is_never_overwritten(key: Path) -> None:
    before = key.read_bytes()
    with pytest.raises(KeyProblem, match="not overwritten"):
        write_new_key(key)
    assert key.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_key_that_others_can_reach_is_refused(mode: int, key: Path, tmp_path: Path) -> None:
    key.chmod(mode)
    with pytest.raises(KeyProblem, match="chmod 600"):
        read_key(key, campaign=tmp_path / "campaign")


def test_key_in_the_campaigns_folder_is_refused_even_by_a_link(key: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="Move it out"):
        read_key(key, campaign=key.parent)
    (tmp_path / "link.key").symlink_to(key)
    with pytest.raises(KeyProblem, match="Move it out"):
        read_key(tmp_path / "link.key", campaign=key.parent)


@pytest.mark.parametrize(
    "content",
    [b"", b"sesame", b"outreach-key-1 ", b"outreach-key-1 QUJD", b"outreach-key-2 " + b"A" * 43 + b"=", b"\xff"],
)
def test_file_that_is_no_key_is_refused_without_being_repeated(content: bytes, key: Path, tmp_path: Path) -> None:
    key.write_bytes(content)
    with pytest.raises(KeyProblem) as caught:
        read_key(key, campaign=tmp_path / "campaign")
    assert "sesame" not in str(caught.value)
    assert str(key) in str(caught.value)


def test_missing_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="There is no key at"):
        read_key(tmp_path / "none.key", campaign=tmp_path / "campaign")
