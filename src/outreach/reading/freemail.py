"""Domains where anybody gets a mailbox: an address there shows nothing about an organisation."""

from __future__ import annotations

import re
from typing import Final

_LIST: Final = """
    aol.com bluewin.ch btinternet.com chmail.ir duck.com email.cz fastmail.com free.fr freenet.de gmail.com gmx.at
    gmx.ch gmx.com gmx.de gmx.fr gmx.net googlemail.com hey.com hotmail.ca hotmail.co.uk hotmail.com hotmail.de
    hotmail.fr hotmail.it hotmail.se icloud.com inbox.com inbox.lv kolabnow.com laposte.net libero.it live.ca
    live.com live.de live.fr live.nl live.se mac.com mail.com mail.de mail.ru mailbox.org mailfence.com me.com msn.com
    naver.com online.de orange.fr outlook.com outlook.de outlook.fr outlook.ir pm.me posteo.at posteo.ch posteo.de
    posteo.eu posteo.net proton.me protonmail.ch protonmail.com qq.com rediffmail.com riseup.net rocketmail.com
    seznam.cz sfr.fr spray.se sunrise.ch t-online.de telia.com tuta.com tuta.io tutamail.com tutanota.com
    tutanota.de virgilio.it wanadoo.fr web.de wp.pl xs4all.nl yahoo.ca yahoo.co.uk yahoo.com yahoo.de yahoo.es
    yahoo.fr yahoo.it yahoo.se yandex.com yandex.ru ymail.com ziggo.nl zoho.com
"""
_DOMAINS: Final = frozenset(_LIST.split())
#: The same providers under any ending, as reserved example domains have it.
_BRANDS: Final = re.compile(r"(?:aol|gmail|gmx|hotmail|icloud|outlook|posteo|proton(?:mail)?|web|yahoo)\.example")


def is_freemail(domain: str) -> bool:
    """Whether anybody can have an address at this domain."""
    lowered = domain.strip().rstrip(".").lower()
    return lowered in _DOMAINS or _BRANDS.fullmatch(lowered) is not None
