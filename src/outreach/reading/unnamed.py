"""A wish that no name be printed, or not yet, which a letter may add to its yes: "we sign, but do not name us".

Told clause by clause: by a word for the name, one for printing and a denial; by words like "anonymous" and "hide our
name"; by a danger to "us"; by printing "after Friday". A person looks, whatever else the letter says: a look too many
costs a minute. Words are compared as ``lexicon.words`` gives them, by how they begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from outreach.reading.lexicon import lexicon, words
from outreach.reading.sentences import Sentence
from outreach.reading.stems import Stems

#: By language: how words for the name begin, and words for printing it.
_TABLE: Final = {
    "en": ("name", "print publi appear list mention disclos show post reveal"),
    "de": ("name", "druck abdruck gedruckt veröffentl publi nenn genannt erschein auftauch aufführ zeig preisgeb"),
    "fr": ("nom", "publi imprim paraî parait apparaî apparait cit mentionn divulgu affich diffus"),
    "es": ("nombre", "publi imprim aparec aparezc mencion mostr difund"),
    "it": ("nome nomi", "pubblic stamp appar compa menzion mostr"),
    "pt": ("nome", "publi imprim aparec apareç mencion divulg"),
    "nl": ("naam namen", "publi druk afdruk afgedrukt noem genoemd vermeld verschijn toon"),
    "sv": ("namn", "publi tryck nämn skriv visa"),
    "da": ("navn", "offentlig publi tryk nævn vis"),
    "no": ("navn", "offentlig publi trykk nevn vis"),
    "pl": ("nazw imi", "publik druk wymien podaw"),
    "ru": ("имя имен назван", "публик опублик печат напечат упомин указыв называ"),
    "tr": ("adım adi isim ismi", "yayın yayım bas yaz geç an"),
    "fa": ("نام اسم", "چاپ منتشر نشر انتشار ذکر درج فاش افشا بیاور نیاور بنویس ننویس"),
    "ar": ("اسم", "نشر تنشر ینشر تذکر ذکر یظهر تطبع"),
}  # fmt: skip
#: Denials that stand inside the verb.
_INSIDE: Final = {
    "tr": re.compile(r"\w+m[ae](?:y[aeiı]?n|s[iı]n|yal[iı]m|mal[iı]|mel[iı]|z\b)"),
    "fa": re.compile(r"(?:نکن|نشو|نیاور|نیای|ننویس|نباید|نباشد|نگذار|نزن|نبر|نده|نمی)\w*"),
}
_STEMS: Final = {
    language: tuple(tuple(words(stem)[0] for stem in stems.split()) for stems in row)
    for language, row in _TABLE.items()
}
_BARE: Final = 4  #: words of a clause that need not say what is not to be printed
_WITH_PRONOUN: Final = 8  #: words of a clause that says "it" or "us"
_THIS: Final = frozenset(
    words(
        "it us this that uns es das dies nous le la l lo ci ons het dit oss det onu bizi bunu нас это его را آن این هذا"
    )
)
_PLACES: Final = frozenset({"city", "country", "where"})  #: what may be left out though the name is printed
_WITHOUT: Final = frozenset(words("without ohne sans sin senza sem zonder utan uten uden bez без بدون دون"))
#: How words begin by which nobody is to know.
_SECRET: Final = Stems(
    words(
        "anonym anonim anônim anoniem confidenti confidenc konfidenti vertraulich vertrouwelijk geheim riservat segret "
        "hemlig hemmelig fortrolig poufn gizli конфиденц анонимн секретн محرمانه مخفی ناشناس گمنام"
    )
)
_SECRETLY: Final = frozenset(words("secret secretly secrecy secrète secreto secreta incognito سری سریة"))
#: How words begin that hide a name.
_HIDING: Final = Stems(
    words(
        "hide hidden conceal withhold omit verschweig verberg weglass cacher cachez taire omettre ocult omitir nascond "
        "omett weglat verzwijg utelämn dölj skjul utelat gizle скрыть скрой پنهان حذف"
    )
)
_DANGER: Final = Stems(
    words("danger endanger gefahr gefährd peligro riesgo risque pericol perigo risk gevaar tehlike опасн خطر")
)
_US: Final = frozenset(
    words(
        "us our uns unser unsere unseren unserer nous notre nos nuestro nuestra nuestros nuestras noi nostro nostra "
        "ons onze oss vår vårt våra bize bizi bizim нас нам наши ما برایمان لنا علینا"
    )
)
#: How words begin for printing alone, and words that put it off.
_PRINTING: Final = Stems(
    words(
        "publi print veröffentl druck abdruck imprim pubblic stamp publik tryck trykk offentlig yayın yayım публик "
        "опублик منتشر چاپ انتشار نشر"
    )
)
_LATER: Final = frozenset(
    words(
        "after until before wait waiting later nach bis erst warten warte wartet später après avant attendre attendez "
        "después antes hasta esperar esperen dopo prima aspettate depois até wachten wacht efter innan vänta etter før "
        "vent sonra önce bekle bekleyin после подождите قبل بعد پیش صبر"
    )
)
_NAMES: Final = Stems({stem for names, _ in _STEMS.values() for stem in names})
_ALL_PRINTING: Final = Stems({stem for _, printing in _STEMS.values() for stem in printing})


def wishes_no_name(sentences: Iterable[Sentence], signature: Iterable[Sentence] = ()) -> bool:
    """Whether a clause says that a name, or all, is not to be printed, or not yet.

    Of the ``signature`` only plain words count: notices of lawyers stand there, too.
    """
    return any(_is_secret(clause) or _is_put_off(clause) or _is_wish(clause) for clause in _clauses(sentences)) or any(
        map(_is_wish, _clauses(signature))
    )


def _is_secret(clause: Sequence[str]) -> bool:
    """ "Anonymously, please", "hide our name", "it would put us in danger"."""
    return (
        _SECRET.begin_any(clause)
        or not _SECRETLY.isdisjoint(clause)
        or (_HIDING.begin_any(clause) and _NAMES.begin_any(clause))
        or (not _US.isdisjoint(clause) and _DANGER.begin_any(clause))
    )


def _is_put_off(clause: Sequence[str]) -> bool:
    """ "Publish it after Friday only"."""
    return not _LATER.isdisjoint(clause) and _PRINTING.begin_any(clause)


def _clauses(sentences: Iterable[Sentence]) -> Iterator[Sequence[str]]:
    for tokens in (sentence.words for sentence in sentences):
        start = 0
        for at, token in enumerate([*tokens, ","]):
            if token == ",":
                if at > start:
                    yield tokens[start:at]
                start = at + 1


def _is_wish(clause: Sequence[str]) -> bool:
    return _ALL_PRINTING.begin_any(clause) and any(_is_wish_in(language, clause) for language in _STEMS)


def _is_wish_in(language: str, clause: Sequence[str]) -> bool:
    names, printing = _STEMS[language]
    at = next((number for number, token in enumerate(clause) if token.startswith(printing)), None)
    if at is None or not _is_denied(clause, at, language):
        return False
    if any(token.startswith(names) for token in clause):
        return True
    if len(clause) > (_BARE if _THIS.isdisjoint(clause) else _WITH_PRONOUN):
        return False
    return not any(lexicon().label_classes(token) & _PLACES for token in clause)


def _is_denied(clause: Sequence[str], at: int, language: str) -> bool:
    """Whether the clause denies; a denial that is inside a verb stands in the verb for printing or behind it."""
    negators = lexicon().negators.get(language, frozenset())
    inside = _INSIDE.get(language)
    return any(token in negators or token in _WITHOUT for token in clause) or (
        inside is not None and any(inside.fullmatch(token) for token in clause[at:])
    )
