"""Signatories in running text: which organisation or person signs, by what other script called, and from where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from outreach.reading import names, places
from outreach.reading.commas import is_comma_of_name
from outreach.reading.endings import AND, MAX_WORDS, arabic_end, is_first_person, is_verb
from outreach.reading.enumerations import enumeration_end
from outreach.reading.lexicon import Hit, lexicon, words
from outreach.reading.negatives import begins_name
from outreach.reading.offices import without_office
from outreach.reading.placeless import without_place
from outreach.reading.sentences import Sentence
from outreach.reading.values import Candidate, Piece, has_noun, is_common, is_organ, may_hold_noun, trimmed

_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]{3,120}(?:\n[^\"“”„«»\n]{1,80})?)[\"”“»]")
TOKEN = re.compile(
    r"(?:[ldLD]|[dD]ell|[aA]ll|[nN]ell|[sS]ull)['’](?=\w)|[^\W_][\w'’.&·\u200c\u064b-\u0655-]*[\w\u0654](?:['’](?=\s))?|\w|[^\w\s]"
)
#: Before a name: "L'" of "L'Association", «İzmir'den» "from İzmir".
_JOINED_BEFORE = re.compile(
    r"(?:[ldLD]['’]|[^\W\d_]{3,20}['’][dt][ae](?:n|ki)?\s+|(?:[Vv]om|(?:Im )?Auftrag de[rs]|(?:Das )?Team vo[nm])\s+)"
    r"(?=[A-ZÀ-ÞİŞÇ])"
)
#: Small words after which a name goes on only with a capital ("in Iran", not "in our town").
_LOOSE: Final = frozenset(
    ["to", "in", "on", "at", "from", "with", "by", "a", "en", "zu", "mit", "aus", "in", "i", "contra"]
)
#: What stands before the name of a language: "auf Englisch …".
_IN_LANGUAGE: Final = frozenset(["in", "auf", "en", "på", "op", "em", "به"])
_NAME_ITSELF: Final = frozenset(["name", "namen", "nom", "nombre", "nome", "naam", "namn", "navn"])
_THE: Final = frozenset(["le", "la", "l'", "l’", "el", "il", "lo", "del", "du", "al", "au", "a", "o"])
_ASSENT: Final = 1.5  #: weight of a sentence in which something half says that they sign
_INITIAL: Final = re.compile(r"\b\w{1,2}\.")
_HAILS_FROM: Final = frozenset(["from", "von", "vom", "från", "van"])


def candidates(sentences: Sequence[Sentence], known: Iterable[str]) -> list[Candidate]:
    """Names in the sentences, the best first. ``known``: texts that name the sender (From, sign-off, domain)."""
    found: list[Candidate] = []
    hints = [set(words(text)) for text in known if text]
    for sentence in sentences:
        hits = lexicon().find(sentence.words)
        weight = _weight(hits) or (_ASSENT if lexicon().assents(sentence.words) else 0.0)
        for piece, plus in _names(sentence, hits):
            said = set(words(piece.text))
            if is_organ(piece.text):
                continue
            shared = max((len(said & hint) for hint in hints), default=0)
            found.append(Candidate(piece, weight + plus + (1.0 if shared >= 2 else 0.0)))
    return sorted(found, key=lambda c: (-c.weight, c.piece.start))


def _weight(hits: Sequence[Hit]) -> float:
    """How much the sentence speaks of the sender's own signing."""
    said = {hit.cue.category for hit in hits if not hit.turned and hit.cue.weight >= 1}
    return 2.0 if said & {"signup", "request"} else 1.5 if said & {"correction"} else 0.0


def _names(sentence: Sentence, hits: Sequence[Hit]) -> Iterator[tuple[Piece, float]]:
    quoted = list(_QUOTED.finditer(sentence.text))
    for match in quoted:
        piece = without_place(match[1], sentence.start + match.start(1))
        if len(words(piece.text)) >= 2 or (len(piece.text) > 3 and piece.text[0].isupper()):
            yield piece, 1.0
    if not may_hold_noun(sentence.text, sentence.words):
        return
    plain = _QUOTED.sub(lambda m: " " * len(m[0]), sentence.text) if quoted else sentence.text
    yield from ((piece, 0.5) for piece in _phrases(plain, sentence.start, hits))


def _phrases(text: str, start: int, hits: Sequence[Hit]) -> Iterator[Piece]:
    """Phrases around a word for an organisation, in the manner of the script."""
    tokens = list(TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        word = tokens[at][0]
        if has_noun(word) and word[0].isalpha():
            arabic = names.script(word) == "Arab"
            first, last = (
                (at, arabic_end(tokens, at))
                if arabic
                else (_latin_start(tokens, at, hits), _latin_end(tokens, at, hits))
            )
            before = tokens[first - 1][0].lower() if first else ""
            end = tokens[last].end() + text.startswith(".V.", tokens[last].end() - 2)
            piece = without_place(text[tokens[first].start() : end], start + tokens[first].start())
            if not arabic and not _is_headed(tokens, first):
                piece = without_office(_from_capital(piece, in_language=before in _IN_LANGUAGE))
            if joined := _JOINED_BEFORE.match(piece.text):
                piece = Piece(piece.text[joined.end() :], piece.start + joined.end())
            if len(words(piece.text)) >= 2 and has_noun(piece.text):
                yield piece
            at = max(at, last)
        at += 1


def _is_headed(tokens: Sequence[re.Match[str]], first: int) -> bool:
    """Whether a name begins with a small word for an organisation, as in Romance languages: "le collectif Femmes …"."""
    head, before = tokens[first][0], tokens[first - 1][0].lower() if first else ""
    behind = tokens[first + 1][0] if first + 1 < len(tokens) else ""
    return head[0].islower() and before in _THE and behind[0:1].isupper() and has_noun(head)


def _from_capital(piece: Piece, *, in_language: bool) -> Piece:
    """The phrase from its first capital on, the name of its language left out ("auf Englisch Independent Women")."""
    if (match := re.match(r"The (\w+) \w+", piece.text)) and has_noun(match[1]):
        return piece
    if lexicon().is_in("heads", "".join(words(piece.text)[:1])):
        return piece
    for match in re.finditer(r"\S+", piece.text):
        word = match[0]
        asks = lexicon().label_classes("".join(words(word))) & {"english", "persian", "otherlang"}
        if word[0].isupper() and not (match.start() == 0 and ((asks and in_language) or is_common(word))):
            return Piece(piece.text[match.start() :], piece.start + match.start())
    return Piece("", piece.start)


def _latin_start(tokens: Sequence[re.Match[str]], at: int, hits: Sequence[Hit]) -> int:
    opening = {hit.cue.phrase[0] for hit in hits if hit.start == 0}  # "Bitte die NaturFreunde …"
    first, farthest = at, max(0, at - MAX_WORDS)
    while first > farthest:
        before = tokens[first - 1][0]
        folded = "".join(words(before))
        if "name" in lexicon().label_classes(folded) or lexicon().is_in("weekdays", folded):
            break  # "im Namen der Gruppe …", "on Sunday and the Forum …"
        if (
            before[0].isupper()
            and len(before) > 1
            and not (first == 1 and (_opens_sentence(before) or "".join(words(before)) in opening))
            or begins_name(tokens[first - 1].string, tokens[first - 1].start())
        ):
            first -= 1
        elif first > 1 and is_comma_of_name(tokens[first - 1]):
            first -= 2
        elif before in _HAILS_FROM and first > 1 and not has_noun(tokens[first - 2][0]):
            break  # "Kwame from Accra Free Press Union"
        elif _connects(before) and first > 1 and _may_head(tokens[first - 2][0]):
            if first == 2 and (_opens_sentence(tokens[0][0]) or "".join(words(tokens[0][0])) in opening):
                break
            first -= 2
        else:
            break
    return first


def _latin_end(tokens: Sequence[re.Match[str]], at: int, hits: Sequence[Hit]) -> int:
    """The last word of a Latin name: capitals and what connects them; small words while the phrase goes on."""
    verbs = {hit.cue.phrase[0] for hit in hits}
    last, loose, connected, listed = at, False, False, 0
    for i in range(at + 1, min(at + MAX_WORDS, len(tokens))):
        token = tokens[i][0]
        folded = "".join(words(token))
        listed = enumeration_end(tokens, i) if token == "," and i > listed else listed
        if (
            i <= listed
            or token in "–-'’"
            or is_comma_of_name(tokens[i])
            or (token == "(" and i + 3 < len(tokens) and ")" in [t[0] for t in tokens[i : i + 4]])
        ):
            connected = True
            continue
        if token == ")":
            last = i
        elif (
            is_first_person(token)
            or _is_behind(token, folded, tokens[i - 1][0])
            or (is_verb(token) and (not connected or tokens[i - 1][0] in AND))
        ):
            break
        elif _connects(token) and not token[0].isupper():
            loose, connected = loose or token.lower() in _LOOSE, True
        elif token[0].isupper() or has_noun(token):
            last, loose, connected = i, False, False
        elif last == i - 1 and last > at and token.isalpha() and len(token) > 2 and places.city(tokens[last][0]):
            break  # "… of Nantes supports": the place ends the name
        elif loose or folded in verbs or is_common(token) or not (connected or last == i - 1):
            break
        else:
            last, connected = i, False
    return last


def _opens_sentence(word: str) -> bool:
    """Whether a word has its capital from where it stands: "Wir", "Desde", "Lütfen"."""
    return is_common(word) or is_verb(word.lower())


def _is_behind(token: str, folded: str, before: str) -> bool:
    """Whether a sign, or what the list is called, ends the name."""
    if token == "." and len(before) <= 3 and before[0].isupper():
        return False  # "St. Lukas"
    return token != "&" and (not folded or lexicon().is_in("listed", folded))


def _may_head(token: str) -> bool:
    """Whether a word before "of" can begin a name; "Namen" cannot: "im Namen des Vereins"."""
    return token[0].isupper() and token.lower() not in _NAME_ITSELF


def _connects(token: str) -> bool:
    return token == "&" or lexicon().is_in("connectors", token.lower().rstrip("'’"))


def city_of(
    sentences: Sequence[Sentence], name: Piece | None, *, loose: bool = False
) -> tuple[Piece | None, str | None]:
    """(city, country) the sender gives: behind the name, at its end, or in "we are in …".

    ``loose``: any place in the rest of the sentence is theirs (a person's "Name, profession, city").
    """
    inside, located = _NOWHERE, _NOWHERE
    for sentence in sentences:
        holds_name = name is not None and sentence.start <= name.start < sentence.start + len(sentence.text)
        locates = located == _NOWHERE and _is_location(sentence)
        if not holds_name and not locates:
            continue
        titled = sentence.text.title() if name and name.text.islower() else sentence.text
        text = titled if len(titled) == len(sentence.text) else sentence.text
        spots = [(s, sentence.start + s.start, sentence.start + s.end) for s in places.find(text)]
        if name and holds_name:
            near = [spot for spot in spots if _is_near(sentence, name, spot, loose=loose)]
            if any(spot[1] >= name.end for spot in near):
                return _place([spot for spot in near if spot[1] >= name.end], sentence)
            if loose and (last := _last_city(sentence, name))[0]:
                return last
            inside = _place(near or _before(sentence, name, spots), sentence)
        if locates and spots:
            located = _place(spots, sentence)
    return located if located != _NOWHERE else inside


def _last_city(sentence: Sentence, name: Piece) -> tuple[Piece | None, str | None]:
    """The city that ends a person's "Name, profession, city", a small one or one that is also a word included."""
    behind = sentence.text[name.end - sentence.start :]
    head, comma, last = behind.rpartition(",")
    piece = trimmed(last, name.end + len(head) + len(comma))
    found = places.city(piece.text) if comma and piece.text[:1].isupper() else None
    return (piece, places.only_country(found)) if found else _NOWHERE


_NOWHERE: Final[tuple[Piece | None, str | None]] = (None, None)
_Spots = Sequence[tuple[places.Found, int, int]]


def _before(sentence: Sentence, name: Piece, spots: _Spots) -> _Spots:
    """The places before the name in its own clause: "a small association in Duisburg, Germany, name is …"."""
    if any(hit.cue.category in ("action", "no_action") for hit in lexicon().find(sentence.words)):
        return []
    before = [spot for spot in spots if spot[2] <= name.start]
    between = sentence.text[before[0][1] - sentence.start : name.start - sentence.start] if before else ""
    return before if len(words(between)) <= 8 and not any(sign in between for sign in ".!?;") else []


def _is_location(sentence: Sentence) -> bool:
    return any(hit.cue.category in ("located", "individual") for hit in lexicon().find(sentence.words))


def _is_near(sentence: Sentence, name: Piece, spot: tuple[places.Found, int, int], *, loose: bool) -> bool:
    """Whether little stands between the name and the place; a country inside the name is part of it."""
    found, start, end = spot
    if start < name.end:
        return not loose and start > name.start and end == name.end and found.kind == "city"
    between = sentence.text[name.end - sentence.start : start - sentence.start]
    if loose:
        between = _INITIAL.sub("", between)  # "Pfarrer i. R., Coburg"
    bracketed = sentence.text[: start - sentence.start].endswith("(")
    limit = 16 if loose or bracketed else 2
    return len(words(between)) <= limit and not any(sign in between for sign in ".!?;:")


def _place(spots: Sequence[tuple[places.Found, int, int]], sentence: Sentence) -> tuple[Piece | None, str | None]:
    city = next(((s, a, b) for s, a, b in spots if not isinstance(s.value, str)), None)
    country = next((s.value for s, _, _ in spots if isinstance(s.value, str)), None)
    if city is None:
        return None, country
    spot, start, end = city
    piece = Piece(sentence.text[start - sentence.start : end - sentence.start], start)
    implied = places.only_country(spot.value) if not isinstance(spot.value, str) else None
    return piece, country or implied
