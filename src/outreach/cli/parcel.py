"""A whole campaign as one encrypted file (age, https://age-encryption.org/v1): packed here, unpacked elsewhere.

The file opens with an age identity made for it alone, never with a passphrase: none can be too weak, a mistyped one is
noticed, and nothing needs the half gigabyte of memory that guards passphrases. ``age --decrypt`` opens it as well.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

import pyrage

from outreach.cli.founding import file_of, key_file, make_folder, toml, write_new
from outreach.errors import Refused
from outreach.sealing import write_new_key
from outreach.settings import FILE_NAME, Settings
from outreach.settingsfile import load
from outreach.store.database import open_engine

_ABOUT, _KEY, _DATABASE, _FOLDER = "about.json", "key", "database", "folder/"
#: What else of the campaign's folder is carried; lists and other files of the team's own are not.
_CARRIED: Final = ("statement", "templates")
_KEY_SETTING: Final = re.compile(r"(^\[key\]\s*$(?:\n(?!\[).*$)*?\n[ \t]*file[ \t]*=[ \t]*).*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parcel:
    """The file's content, and what opens it."""

    octets: bytes
    word: str


def pack(settings: Settings, secret: bytes, database: bytes | None, at: datetime) -> Parcel:
    """Everything a campaign is. ``database`` is None where it lies on a server of its own."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        about = {"slug": settings.slug, "packed_at": at.isoformat(timespec="seconds")}
        _add(archive, _ABOUT, json.dumps(about).encode())
        _add(archive, _KEY, secret)
        if database is not None:
            _add(archive, _DATABASE, database)
        for path in _carried(settings.folder):
            _add(archive, _FOLDER + path.relative_to(settings.folder).as_posix(), path.read_bytes())
    identity = pyrage.x25519.Identity.generate()
    return Parcel(pyrage.encrypt(tar.getvalue(), [identity.to_public()]), str(identity))


def unpack(octets: bytes, word: str, folder: Path, environment: Mapping[str, str]) -> Settings:
    """Put it all into a folder, the key beside other keys: everything, or nothing. Raises OutreachError or OSError."""
    found = _opened(octets, word)
    slug = str(json.loads(found.pop(_ABOUT))["slug"])
    secret, database = found.pop(_KEY), found.pop(_DATABASE, None)
    key = key_file(slug, environment)
    if (folder / FILE_NAME).exists():
        raise Refused(f"There is a campaign in {folder} already; nothing was changed.")
    with ExitStack() as undo:
        make_folder(folder, undo)
        make_folder(key.parent, undo)
        write_new_key(key, secret)
        undo.callback(key.unlink, missing_ok=True)
        text = _KEY_SETTING.sub(lambda line: line[1] + toml(str(key)), found.pop(_FOLDER + FILE_NAME).decode())
        for name, content in found.items():
            path = folder / _inside(name)
            make_folder(path.parent, undo)
            write_new(path, content, undo)
        write_new(folder / FILE_NAME, text, undo)
        settings = load(folder, environment)
        if database is not None and (file := file_of(open_engine(settings.database_url, folder))):
            make_folder(file.parent, undo)
            write_new(file, database, undo)
        undo.pop_all()
    return settings


def _opened(octets: bytes, word: str) -> dict[str, bytes]:
    try:
        identity = pyrage.x25519.Identity.from_str(word.strip().upper())
    except pyrage.IdentityError:
        raise Refused("That is not the key that was shown when the file was packed: AGE-SECRET-KEY-1…") from None
    try:
        plain = pyrage.decrypt(octets, [identity])
    except pyrage.DecryptError:
        raise Refused("The file does not open: the key is another file's, or the file is damaged.") from None
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        return {member.name: file.read() for member in archive if (file := archive.extractfile(member)) is not None}


def _inside(name: str) -> PurePosixPath:
    """A path that stays in the folder, whoever wrote the file."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[:1] != ("folder",):
        raise Refused("The file holds what does not belong into a campaign; nothing was unpacked.")
    return path.relative_to("folder")


def _carried(folder: Path) -> Iterator[Path]:
    yield folder / FILE_NAME
    for name in _CARRIED:
        yield from (path for path in sorted((folder / name).rglob("*")) if path.is_file())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))
