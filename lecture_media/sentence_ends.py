"""Where sentences end: not after an abbreviation, an initial, an ordinal or a list number. The one place that decides this.

Where a full stop could be both, the sentence goes on unless the next word is one that begins sentences (The, Es, Le, El, …).
"""

import re
from collections.abc import Sequence

CLOSERS = "\"'”’»›)]}」』）】》〉"
_OPENERS = "\"'“‘„«‹([{¿¡「『（【《〈"
_ENDS = ("!", "?", "。", "！", "？", "؟", "۔", "।", "॥", "။", "។", "៕", "։", "።", "།")
"""Marks that end a sentence whatever stands before them; `.` and `…` only by the rules here."""
_STOPS = (".", "．", "…", "...")

_BEFORE_ANYTHING = """
en: mr. mrs. ms. mx. dr. prof. rev. fr. hon. st. mt. ft. gen. col. lt. sgt. capt. cmdr. adm. gov. sen. rep. pres. messrs.
en: e.g. i.e. vs. cf. viz. approx. ca. c. al. a.k.a. resp. incl. excl. esp. ed. eds. trans. dept. est. assn. univ.
de: dr. prof. hr. fr. frl. st. dipl. ing. mag. z.b. d.h. u.a. u.u. i.d.r. v.a. o.ä. s.o. s.u. i.a. z.t. m.e. vgl. bzw. ca. sog.
de: inkl. exkl. evtl. ggf. gem. max. mind. jährl. geb. gest. verh. hrsg. bearb. übers. insb. einschl. zzgl. abzgl. mio. mrd. tsd.
de: str. tel. nördl. südl. östl. westl. lat. griech. engl. frz. dt. österr. allg. bes. entspr. urspr. ehem. wiss. z.zt. zt. o.g.
de: u.ä. i.e.s.
fr: M. mm. mme. mmes. mlle. mlles. dr. pr. me. st. ste. p.ex. ex. c.-à-d. cf. env. éd. av. apr. vol. chap. art. fig. n.b. p.-s.
fr: bd. boul.
es: sr. sra. srta. sres. d. dña. dr. dra. prof. profa. ing. lic. arq. p.ej. ej. ee. cf. aprox. art. cap. núm. pág. págs. vol.
es: fig. av. avda. gral.
es: ud. uds. ee.uu. s.a. ss. sto. sta.
"""
_BEFORE_NUMBERS = """
en: no. nos. fig. figs. vol. vols. p. pp. P. ch. sec. eq. art. op. jan. feb. mar. apr. jun. jul. aug. sept. sep. oct. nov. dec.
en: b. d. r.
de: nr. abb. bd. bde. s. S. kap. abs. art. tab. vers. jan. feb. febr. mär. apr. jun. jul. aug. sept. sep. okt. nov. dez. mo. di.
de: mi. do. fr.
fr: n. no. nos. p. pp. t. T. vol. chap. art. fig. tab. janv. févr. avr. juil. sept. oct. nov. déc.
es: n. no. nro. núm. p. pp. pág. t. vol. cap. art. fig. tab. ene. feb. abr. jun. jul. ago. sept. oct. nov. dic.
"""
_ALSO_LAST = """
en: etc. jr. sr. inc. ltd. co. corp. bros. a.m. p.m. u.s. u.k. u.n. u.s.a. u.s.s.r. d.c. b.c. a.d. b.c.e. c.e. ph.d. m.d. b.a.
en: m.a.
en: min. max. sec. hr. hrs. yr. yrs. in. ft. lb. lbs. oz. mi. km. kg. cm. mm. mph. sq. ibid. ave. blvd. rd.
de: usw. etc. u.s.w. uvm. u.v.m. chr. jh. jhd. jhdt. std. sek. ff. f. a.d. z.d. kg. km. co. ag. gmbh. e.v. u.s.a. dgl. o.j. jg.
de: sp.
fr: etc. j.-c. s.a. s.v.p. r.s.v.p. u.e. o.n.u. é.-u. h. mn. sec. ex. suiv. m.d.
es: etc. uu. a.c. d.c. a.m. p.m. s.l. cía. ltda. j.c. e.u. h. seg. kg. km. cm. ed.
"""
_ORDINAL_LANGUAGES = frozenset("de da nb nn no is fi et lv cs sk pl hu hr sr sl bs mk tr az eu lb fo".split())  # noqa: SIM905
"""Languages that write an ordinal as a number with a full stop."""
_LARGEST_ORDINAL = 3
"""Digits: a number of four is a year, which may end a sentence."""
_STARTERS = """
a about after again all also although an and another any are as at because before below both but by can dear did do does during
each
even every few finally first for four from had has have he her here his how however i if in instead is it its just later let
many more
most much my neither never next no nobody not nothing now of often on once one only or other our over people perhaps she since
so some
soon still such that the their then there therefore these they this those though three through thus to today together two under
until
we what when where whether which while who whose why with without yes yet you your
aber alle allein als also am an auch auf aus bei bis da dabei dadurch daher damit danach dann darum das dass davon dazu dem den
denn der
deren des deshalb dessen die dies diese dieser dieses doch dort du durch ein eine einem einen einer eines er erst es etwa für
gegen hier
ihr ihre im in ist ja jede jeder jedes jetzt kein keine man manche mehr mit nach nein nicht nichts noch nun nur ob oder ohne
seit seine
sein sie sind so sobald solche sondern später trotzdem über um und uns unser unter viele vom von vor während wann warum was weil
welche
wenn wer wie wieder wir wo zu zuerst zum zur zwar zwei zwischen
à ainsi alors après au aussi autre aux avant avec beaucoup ce cela celle celui ces cet cette chaque comme d'abord dans de des deux
donc du elle elles en enfin ensuite est et il ils je jusqu la le les leur leurs lorsque mais même nous on or ou où par parce pas
pendant
plus pour pourquoi puis quand que quel quelle qui sa sans selon ses si son sous sur tous tout toute toutes très un une voici
voilà vous
ahora al algunos antes aquí así aunque bajo cada como con cuando de del desde después donde dos durante el ella ellas ellos en
entonces
entre era es esa ese eso esta este estas estos esto fue ha hasta hay hoy la las lo los luego más mientras mucho muchos muy nada
ni no
nosotros nuestra nuestro o otra otro para pero por porque pues que qué quien se según sí sin sobre solo su sus también tan tanto
todo
todos tras tu un una uno y ya yo
"""
STARTERS = frozenset(_STARTERS.split())
"""Words that, with a capital, are taken for the beginning of a sentence."""
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+")
_NUMBER = re.compile(r"\d+\.")
_ROMAN = re.compile(r"[IVXLC]+\.")


def _table(rows: str) -> dict[str, frozenset[str]]:
    """Read `en: mr. dr.` into sets by language; the empty language has them all."""
    found: dict[str, set[str]] = {"": set()}
    for row in rows.strip().splitlines():
        language, _, words = row.partition(":")
        found.setdefault(language, set()).update(words.split())
        found[""].update(words.split())
    return {language: frozenset(words) for language, words in found.items()}


_ANYTHING, _NUMBERS, _LAST = (_table(rows) for rows in (_BEFORE_ANYTHING, _BEFORE_NUMBERS, _ALSO_LAST))


def sentence_ends(words: Sequence[str], language: str = "") -> list[bool]:
    """Return for each word whether a sentence ends with it.

    language: a BCP 47 tag; others than en, de, fr and es get the tables of all four
    """
    base = language.lower().replace("_", "-").partition("-")[0]
    has_capitals = any(_is_capital(word) for word in words)
    ends: list[bool] = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        is_first = place == 0 or ends[place - 1]
        goes_on = has_capitals and following is not None and _is_small(following)
        ends.append(_ends(word, following, base, is_first=is_first, goes_on=goes_on))
    return ends


def _ends(word: str, following: str | None, language: str, *, is_first: bool, goes_on: bool) -> bool:
    core = word.rstrip(CLOSERS)
    if core.endswith(_ENDS):
        return core == word or not goes_on
    if not core.endswith(_STOPS):
        return False
    if following is None:
        return True
    if goes_on or (is_first and _NUMBER.fullmatch(core)):
        return False
    return not _goes_on(core.lstrip(_OPENERS), following.lstrip(_OPENERS), language)


def _is_capital(word: str) -> bool:
    return word.lstrip(_OPENERS)[:1].isupper()


def _is_small(word: str) -> bool:
    """Whether a word begins with a small letter and is no name like iPhone or mRNA."""
    bare = word.lstrip(_OPENERS)
    return bare[:1].islower() and bare.islower()


def _goes_on(core: str, following: str, language: str) -> bool:
    """Whether a full stop before a word with a capital, or a number, belongs to an abbreviation, an initial or an ordinal."""
    if core.endswith(("…", "...")):
        return False
    table = language if language in _ANYTHING and language else ""
    small = core if len(core) == len("M.") else core.lower()
    if small in _ANYTHING[table]:
        return True
    if small in _NUMBERS[table] and following[:1].isdigit():
        return True
    if _NUMBER.fullmatch(core):
        ordinal = language in _ORDINAL_LANGUAGES and len(core) - 1 <= _LARGEST_ORDINAL
        return ordinal and not _begins_sentence(following)
    if small in _LAST[table] or _INITIALS.fullmatch(core) or (_ROMAN.fullmatch(core) and language in _ORDINAL_LANGUAGES):
        return not _begins_sentence(following)
    return False


def _begins_sentence(word: str) -> bool:
    return word[:1].isupper() and re.split(r"[^\w'’]", word.lower(), maxsplit=1)[0] in STARTERS
