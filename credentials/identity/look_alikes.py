"""Tell that a name or a domain could be taken for somebody else's. Pure: bundled data, no database, no network.

Both sides are reduced to what the eye keeps of them (after Unicode Technical Standard #39 section 4, `skeleton`): one
case, no accents, no separators, each letter as the Latin one it looks like, `0` as `o`, `1` and `i` as `l`, `rn` as
`m`, `vv` as `w`. Then they are the same (`letters`, or `same-name` and `other-ending` where nothing had to be
reduced), differ by words that say nothing (`added-words`), or by a slip of the fingers (`spelling`: one for names of
five to seven letters, two from eight on, fewer for shorter ones). A domain may also carry another as labels before its
own (`subdomain`). A word of letters from several scripts is suspicious by itself (`mixed-scripts`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal

from confusable_homoglyphs import categories, confusables

from credentials.identity.domains import registrable
from credentials.identity.edit_distance import within
from credentials.identity.well_known import Company, generic_words, well_known

Trick = Literal["same-name", "letters", "spelling", "added-words", "other-ending", "subdomain", "mixed-scripts"]

LONGEST: Final = 200
_PAIRS: Final = re.compile("rn|vv")
_PAIR: Final = {"rn": "m", "vv": "w"}
_ALIKE: Final = str.maketrans("0134578i|!$@", "oleastblllsa")
_ODD_LATIN: Final = {"ø": "o", "ł": "l", "đ": "d", "ı": "l", "ð": "d", "ħ": "h", "ŧ": "t", "ɑ": "a", "ɡ": "g", "ο": "o"}
_WRITTEN_TOGETHER: Final = frozenset({"HAN", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "LATIN"})
_EVERYWHERE: Final = frozenset({"COMMON", "INHERITED"})
_DIGITS: Final = re.compile(r"\d+")
_SHORT: Final = 4
_TELLING: Final = 6
"""From so many letters on a name is its company's wherever it stands, unless it is an ordinary word."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whom it looks like, by that company's first domain, and by which trick."""

    resembles: str
    how: Trick


@dataclass(frozen=True, slots=True)
class _Key:
    """One name of a company as the eye keeps it. `plain`: as it is typed; `letters`: a bit for each letter in it."""

    text: str
    words: tuple[str, ...]
    plain: str
    company: Company
    letters: int

    @property
    def is_telling(self) -> bool:
        return len(self.text) >= _TELLING and not self.company.is_word


class Index:
    """Companies, arranged for comparing. Not changed once it is made."""

    def __init__(self, companies: Iterable[Company]) -> None:
        """Reduce every name and every domain once."""
        self.keys = [key for company in companies for key in _keys(company)]
        self.domains = {domain: key.company for key in self.keys for domain in key.company.domains}

    def like_name(self, name: str, own_domain: str | None = None) -> list[Likeness]:
        """Whom a name could be taken for; nobody when `own_domain` is that company's own."""
        return self._found(_Given(name[:LONGEST]), own_domain)

    def like_domain(self, domain: str) -> list[Likeness]:
        """Whom a domain (lower case, ASCII) could be taken for; nobody when it belongs to a company of the index."""
        own = registrable(domain)
        if own is None or own in self.domains:
            return []
        label, *left = [own.partition(".")[0], *_labels_before(domain, own)]
        given = _Given(_decoded(label), of_domain=True)
        found = self._found(given, None) + [one for each in left for one in self._beneath(each)]
        return _once([*self._carried(domain.removesuffix(own)), *found])

    def _found(self, given: _Given, own_domain: str | None) -> list[Likeness]:
        own = None if own_domain is None else registrable(own_domain)
        if own in self.domains:
            return []
        mixed = [Likeness(given.skeleton, "mixed-scripts")] if given.mixes_scripts else []
        tricks = ((key, trick) for key in self.keys if (trick := given.trick(key)) is not None)
        hits = (Likeness(key.company.domains[0], trick) for key, trick in tricks if own not in key.company.domains)
        return _once([*hits, *mixed])

    def _carried(self, before: str) -> Iterator[Likeness]:
        """Whole domains among the labels before the registered one: `acme.com.evil.example`."""
        for domain, company in self.domains.items():
            if f".{before}".find(f".{domain}.") >= 0:
                yield Likeness(company.domains[0], "subdomain")

    def _beneath(self, label: str) -> Iterator[Likeness]:
        """A label before the registered one that is a telling name, whatever follows it."""
        given = _Given(_decoded(label), of_domain=True)
        for key in self.keys:
            if key.is_telling and given.trick(key) is not None:
                yield Likeness(key.company.domains[0], "subdomain")


@cache
def famous() -> Index:
    """The index of the bundled list."""
    return Index(well_known())


class _Given:
    """A name or a label as the eye keeps it, in the cuts in which it is compared."""

    def __init__(self, text: str, *, of_domain: bool = False) -> None:
        self.text, self.of_domain = text, of_domain
        self.plain = _plain(text)
        self.words = tuple(_words(text))
        self.skeleton = "".join(self.words)
        self.telling_words = tuple(word for word in self.words if word not in _generic())
        self.core = "".join(self.telling_words)
        cuts = [self.skeleton, self.core]
        self.cuts = [(cut, _letters(cut)) for cut in dict.fromkeys(cuts) if len(cut) >= _SHORT]
        self.parts = [(word, _letters(word)) for word in self.telling_words if len(word) >= _TELLING]

    @property
    def mixes_scripts(self) -> bool:
        return not self.text.isascii() and any(map(_is_mixed, re.findall(r"\w+", self.text)))

    def trick(self, key: _Key) -> Trick | None:
        """By which trick this is like a name of a company, or None."""
        if self.skeleton == key.text:
            return "letters" if self.plain != key.plain else "other-ending" if self.of_domain else "same-name"
        if self.core == key.text:
            return "added-words"
        if key.text in self.skeleton and (self._has_words(key) or self._is_glued(key)):
            return "added-words"
        return "spelling" if self._is_slip(key) else None

    def _has_words(self, key: _Key) -> bool:
        """The words of a telling name stand in it one after the other, whatever stands around them."""
        if not key.is_telling:
            return False
        width = len(key.words)
        return any(self.words[at : at + width] == key.words for at in range(len(self.words) - width + 1))

    def _is_glued(self, key: _Key) -> bool:
        """A name with other words grown onto it: `secureacme`. A telling one counts inside anything."""
        if len(key.text) < _SHORT:
            return False
        before, _, after = self.skeleton.partition(key.text)
        if key.is_telling and (self.of_domain or len(key.text) > _TELLING):
            return True
        return len(self.words) == 1 and _is_generic(before) and _is_generic(after)

    def _is_slip(self, key: _Key) -> bool:
        if self.plain != key.plain and _DIGITS.sub("#", self.plain) == _DIGITS.sub("#", key.plain):
            return False  # Two that are counted, as "Branch 12" and "Branch 13" are.
        parts = self.parts if key.is_telling and len(key.words) == 1 else []
        return any(_differ_by_slip(text, letters, key) for text, letters in (*self.cuts, *parts))


def _differ_by_slip(text: str, letters: int, key: _Key) -> bool:
    size = len(key.text)
    if size < _SHORT or abs(len(text) - size) > 2:
        return False
    most = 1 if size < 8 else 2
    if (letters ^ key.letters).bit_count() > 2 * most:
        return False
    if size == _SHORT:
        # Of four letters nearly every word is one slip from another: only two that changed places, or one doubled.
        return _undoubled(text) == _undoubled(key.text) or (text[0] == key.text[0] and sorted(text) == sorted(key.text))
    # Nobody overlooks a wrong first letter in a short name: Willow is not Zillow.
    begins_alike = most > 1 or text[0] == key.text[0] or sorted(text[:2]) == sorted(key.text[:2])
    return begins_alike and within(text, key.text, most)


def _undoubled(text: str) -> str:
    return re.sub(r"(.)\1", r"\1", text)


@lru_cache(maxsize=4096)
def _keys(company: Company) -> tuple[_Key, ...]:
    """Every name, and the first label of every domain but the shortest, which are nobody's alone.

    An ordinary name counts without the words that say nothing, too: it is only ever compared as a whole.
    """
    labels = [domain.partition(".")[0] for domain in company.domains]
    made: dict[str, _Key] = {}
    for text in [*company.names, *(label for label in labels if len(label) > 2)]:
        words = tuple(_words(text))
        core = tuple(word for word in words if word not in _generic())
        for kept in [words, *([core] if company.is_word else [])]:
            key = _Key("".join(kept), kept, _plain(text), company, _letters("".join(kept)))
            if len(key.text) > 1:
                made.setdefault(key.text, key)
    return tuple(made.values())


def _words(text: str) -> Iterator[str]:
    """The words of a text as the eye keeps them."""
    folded = unicodedata.normalize("NFKC", text.replace("'", "").replace("’", ""))
    folded = "".join(_looks().get(letter, letter) for letter in folded).casefold()
    folded = unicodedata.normalize("NFD", folded)
    kept = "".join(_looks().get(one, one) for one in folded if unicodedata.category(one) not in ("Mn", "Cf", "Cc"))
    for word in re.findall(r"[^\W_]+", kept.translate(_ALIKE)):
        yield _PAIRS.sub(lambda found: _PAIR[found[0]], word)


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@cache
def _looks() -> dict[str, str]:
    """The ASCII letter or digit that each other character looks like."""
    found = dict(_ODD_LATIN)
    for character, alike in confusables.confusables_data.items():
        if len(character) == 1 and not character.isascii():
            plain = (one["c"].strip("\u200e") for one in alike)
            latin = next((one for one in plain if one.isascii() and one.isalnum()), None)
            if latin is not None:
                found.setdefault(character, latin)
    return found


@cache
def _generic() -> frozenset[str]:
    return frozenset(word for typed in generic_words() for word in _words(typed))


@lru_cache(maxsize=4096)
def _is_generic(text: str) -> bool:
    """Whether a text is made of words that say nothing, one after the other; the empty text is."""
    if text in ("", "s") or text.isdecimal():
        return True
    ends = (end for end in range(len(text), 1, -1) if text[:end] in _generic())
    return any(_is_generic(text[end:]) for end in ends)


def _letters(text: str) -> int:
    """A bit for each letter that occurs; one slip changes at most two of them."""
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _is_mixed(word: str) -> bool:
    scripts = categories.unique_aliases(word) - _EVERYWHERE
    return len(scripts) > 1 and not scripts <= _WRITTEN_TOGETHER


def _decoded(label: str) -> str:
    """A label as it is shown (RFC 3492); as it stands when it cannot be read."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _labels_before(domain: str, own: str) -> Sequence[str]:
    return [label for label in domain.removesuffix(own).split(".") if label]


def _once(found: Iterable[Likeness]) -> list[Likeness]:
    """One likeness for each company: the first that was seen."""
    first: dict[str, Likeness] = {}
    for one in found:
        first.setdefault(one.resembles, one)
    return list(first.values())
