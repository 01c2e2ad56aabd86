"""The scripts of languages and of texts: by the first words of their letters' Unicode names. Pure.

`th` ─► THAI;  `ja` ─► HIRAGANA, KATAKANA, CJK;  `sr-Latn` ─► LATIN;  a language that nobody knows ─► nothing
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping

LATIN = "LATIN"
_SCRIPTS_BY_CODE = """
latn LATIN
cyrl CYRILLIC
grek GREEK
arab ARABIC
hebr HEBREW
syrc SYRIAC
thaa THAANA
nkoo NKO
adlm ADLAM
rohg HANIFI
deva DEVANAGARI
beng BENGALI
guru GURMUKHI
gujr GUJARATI
orya ORIYA
taml TAMIL
telu TELUGU
knda KANNADA
mlym MALAYALAM
sinh SINHALA
thai THAI
laoo LAO
tibt TIBETAN
mymr MYANMAR
khmr KHMER
geor GEORGIAN
armn ARMENIAN
ethi ETHIOPIC
cher CHEROKEE
cans CANADIAN
mong MONGOLIAN
tfng TIFINAGH
vaii VAI
olck OL
mtei MEETEI
java JAVANESE
bali BALINESE
sund SUNDANESE
cakm CHAKMA
yiii YI
copt COPTIC
goth GOTHIC
avst AVESTAN
glag GLAGOLITIC
shaw SHAVIAN
hang HANGUL
kore HANGUL CJK
jpan HIRAGANA KATAKANA CJK
hrkt HIRAGANA KATAKANA
hira HIRAGANA
kana KATAKANA
hans CJK
hant CJK
hani CJK
bopo BOPOMOFO
"""
_OF_CODE: Mapping[str, frozenset[str]] = {
    code: frozenset(words) for code, *words in (row.split() for row in _SCRIPTS_BY_CODE.strip().splitlines())
}
"""The first words of the Unicode names of a script's letters, by its code of ISO 15924."""
_LANGUAGES_BY_SCRIPT = """
cyrl ab abq ady alt av ba be bg bs bua bxr ce cjs ckt crh cu cv dar evn gag inh kaa kbd kca kjh kk koi kpv krc kum kv ky lbe lez
cyrl mdf mhr mk mn mnc mns mo mrj myv nog os ro rom ru rue sah sh sr tab tg tk tt tyv udm ug uk uz xal yrk
grek cop el grc pnt tsd
arab acm acq aeb afb ajp apc apd ar arq ars ary arz az azb bal bej bft bgn bqi brh ckb fa fas glk gwc ha haz hnd jv kaa khw kk
arab kmr ks ku kvx ky lah lki lrc luz ms mzn ota pa pnb prs ps rhg sd sdh shi skr so sw tg tk tt ug ur uz wo
hebr arc he iw jrb ji lad yi ydd yih
syrc aii arc cld syc syr tru
thaa dv
nkoo bm dyu man mnk nqo
adlm ff
rohg rhg
deva anp awa bap bfy bgc bh bhb bho bra brx dgo doi dty gbm gom hi hif hne kfy kok kru ks kxp lif mag mai mr mtr mup mwr ne new
deva noe pi raj sa sat sck sd srx swv taj thl unr wbr wtm xnr
beng as bn bpy ccp ctg grt kha lus mni rkt sat syl unr
guru pa sd
gujr gbl gu kfr
orya or ory sat spv unr
taml bfq sa saz ta
telu gon lmn te wbq
knda gom kfa kn kok tcy
mlym kfa ml mjv tcy
sinh pi sa si
thai kdt kxm lwl mfa nod pi sou th tts
laoo kjg lo pi
tibt adx bft bo bod dz khg lbj sip tsj xkf
mymr blk kht kjp ksw mnw my mya pi pwo rki shn tdd
khmr cja km khm pi
geor ab bbl ka kat lzz oge os sva xmf
armn hy hye hyw xcl
ethi am byn gez gru har om sgw ti tig wal
cher chr
cans cr crj crk crl csw cwd dcr iku iu ike moe nsk oj ojb ojs
mong bua bxr cmg mn mnc mvf
tfng ber kab rif shi tmh tzm zgh
vaii vai
olck sat
mtei mni
java jv
bali ban
sund su
cakm ccp
yiii ii iii
copt cop
goth got
avst ae
glag cu
kore ko kor
jpan ain ja jpn ojp ryu
hans cdo cjy cmn cpx gan hak hsn lzh mnp nan wuu yue za zh zho
bopo cmn nan zh
latn aeb az ban ber bm bs ce chr ckt crh cr crk dyu ff gag gom ha hak hif ike iku ilo iu jv kaa kab kha kk kmr kok ku lad
latn lif lus lzz man mni mnk mo ms nan nog oj om pi rhg rif ro rom sa sat sh shi so sr su sw tg tk tmh tt tzm ug uz wo za
"""
"""The languages that are written in each script (CLDR 46, likely scripts; and the other scripts that people write them in)."""
_WRITTEN_IN: Mapping[str, frozenset[str]] = {
    language: frozenset[str]().union(
        *(_OF_CODE[row.split()[0]] for row in _LANGUAGES_BY_SCRIPT.strip().splitlines() if language in row.split()[1:])
    )
    for language in set(_LANGUAGES_BY_SCRIPT.split()) - _OF_CODE.keys()
}
NO_SCRIPT = frozenset({"", "MATHEMATICAL", "DOUBLE-STRUCK", "BLACK-LETTER", "SCRIPT", "MODIFIER", "SUPERSCRIPT", "MICRO"})
"""Letters of formulas, and marks, which texts of every language have."""
_ALSO = {"FULLWIDTH": LATIN, "FEMININE": LATIN, "MASCULINE": LATIN, "HALFWIDTH": "KATAKANA", "HENTAIGANA": "HIRAGANA"}


def scripts_of(tag: str) -> frozenset[str]:
    """Return the scripts that a language is written in, by the first words of their letters' names; empty if that is not known.

    The tag's own script decides; else the table, and of languages with two letters, all that are not in it use Latin letters.
    """
    code = next((part for part in tag.replace("_", "-").lower().split("-")[1:] if len(part) == len("arab")), None)
    if code is not None and code.isalpha():
        return _OF_CODE.get(code, frozenset())
    base = tag.strip().replace("_", "-").partition("-")[0].lower()
    return _WRITTEN_IN.get(base, frozenset({LATIN}) if len(base) == len("en") else frozenset())


def script_of(text: str) -> str | None:
    """Return the script of at least two thirds of the letters, or None."""
    letters = Counter(letter for letter in text if letter.isalpha())
    scripts: Counter[str] = Counter()
    for letter, number in letters.items():
        if (word := script_word(letter)) not in NO_SCRIPT:
            scripts[word] += number
    if not scripts:
        return None
    (script, most), *_ = scripts.most_common(1)
    return script if most * 3 >= scripts.total() * 2 else None


def script_word(letter: str) -> str:
    """Return the first word of a letter's Unicode name, which names its script; those of a few signs name another."""
    word = unicodedata.name(letter, "").partition(" ")[0]
    return _ALSO.get(word, word)
