r"""LaTeX formulas as a line of text: `F_1 d_1 = \frac{a}{2}` becomes F₁ d₁ = a/2. Two-dimensional formulas are not supported."""

import re
from collections.abc import Mapping, Sequence

LONGEST = 120
"""The most characters: longer formulas cannot be followed by ear."""
LONGEST_SOURCE = 400
_DEEPEST = 12
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|[^\\\s]", re.DOTALL)
_LETTERS = (
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν "
    "xi ξ "
    "pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ "
    "Phi Φ Psi Ψ Omega Ω hbar ħ ell ℓ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ emptyset ∅ angle ∠ degree ° circ ∘ prime ′ "
    "ldots … dots … cdots … forall ∀ exists ∃ neg ¬ lnot ¬ langle ⟨ rangle ⟩ Re ℜ Im ℑ aleph ℵ"
)
_OPERATORS = (
    "times × cdot · div ÷ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ equiv ≡ sim ~ propto ∝ to → rightarrow → "
    "longrightarrow → Rightarrow ⇒ implies ⇒ leftarrow ← gets ← leftrightarrow ↔ Leftrightarrow ⇔ iff ⇔ rightleftharpoons ⇌ "
    "in ∈ "
    "notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ land ∧ wedge ∧ lor ∨ vee ∨ mid | parallel ∥ perp ⊥ "
    "ll ≪ gg ≫ ast * mapsto ↦ lt < gt >"
)


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NAMES = _names("""
    sin cos tan cot arcsin arccos arctan sinh cosh tanh log ln lg exp lim max min sup inf det dim gcd mod
""")
_WORDS = frozenset(["text", "textrm", "textbf", "textit", "operatorname", "mbox"])
_PLAIN = _names("""
    mathrm mathbf mathit mathsf mathbb mathcal boldsymbol bm overline underline ce
""")
_ACCENTS: Mapping[str, str] = {
    "bar": "\u0304",
    "dot": "\u0307",
    "ddot": "\u0308",
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
}
"""Marks above a letter; the arrow of a vector may span several."""
_LONGEST_VECTOR = 3
_INDEXED = re.compile(r"[^\W\d_][₀-ₜ]+")
_SKIPPED = _names("""
    left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle
    scriptscriptstyle limits nolimits nonumber notag ! / negthinspace negmedspace negthickspace
""")
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac"})
_SPACES = frozenset({"quad", "qquad", "enspace", "enskip", "hfill", "hfil", " ", "\\", "\n"})
_THIN_SPACES = _names(r"\, \: \; \> \thinspace \medspace \thickspace \space \nobreakspace")
"""Nothing between two digits, where they group thousands, nor inside of a bracket; else a space."""
_LENGTHS = _names("hspace mspace hskip mskip kern mkern")
"""Spaces of a length that is said, in braces or without."""
_PHANTOMS = _names("phantom hphantom vphantom vspace")
_LENGTH = re.compile(r"\s*-?\s*[\d.]*\s*[a-z]{2}(?:\s*(?:plus|minus)\s*[\d.]+\s*[a-z]{2}l*)*")
_BEFORE_BAR = frozenset(["", *"([{⟨=+−±<>≤≥,;·×/"])
"""What is before a bar that opens."""
_OPENERS, _CLOSERS = frozenset("([⟨"), frozenset([")", "]", "!", r"\right", r"\rangle"])
_SIGNS: Mapping[str, str] = dict(zip(_LETTERS.split()[::2], _LETTERS.split()[1::2], strict=True))
_BINARY: Mapping[str, str] = dict(zip(_OPERATORS.split()[::2], _OPERATORS.split()[1::2], strict=True))
_SPACED = frozenset(_BINARY.values()) - {"·", "*", "|"} | {"=", "<", ">"}
SUPERSCRIPT: Mapping[str, str] = dict(zip("0123456789+−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True)) | {"-": "⁻", "′": "′", "∘": "°"}
SUBSCRIPT: Mapping[str, str] = dict(zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)) | {
    "-": "₋"
}
_MARKS: Mapping[str, str] = {"TM": "™", "SM": "℠"}
_WRITTEN_ON = (
    (re.compile(r"\d$|(?<![^\W_])[a-z]$"), re.compile("st|nd|rd|th")),
    (re.compile(r"\d$"), re.compile("er?|d|nde?|i?[èe]me|[èe]?res?|e[rs]|[oa]s?|ers|te[rn]?")),
    (re.compile(r"(?<![^\W_])[IVXLCDM]+$"), re.compile("er?|nde?|i?[èe]me|[èe]?re|o|a")),
    (re.compile(r"(?<![^\W_])[nN]$"), re.compile("os?")),
    (re.compile(r"(?<![^\W_])M$"), re.compile("(?:me|lle|gr)s?")),
    (re.compile(r"(?<![^\W_])[DS]$"), re.compile("r|te?")),
)
"""Superscript letters that are not exponents, by what precedes them: 1st, nth, 1re, XXe, no, Mme, Dr."""


class _TooHardError(ValueError):
    """A formula that does not fit on a line."""


def formula(latex: str) -> str | None:
    """Return the formula as a line of text, or None if that is impossible or longer than LONGEST."""
    if len(latex) > LONGEST_SOURCE:
        return None
    try:
        line, rest = _run(_TOKEN.findall(latex), 0)
    except _TooHardError:
        return None
    text = " ".join(line.split())
    return text if text and not rest and len(text) <= LONGEST else None


def raised(text: str) -> str:
    """Return a text as an exponent: ², or ^(…) if a letter has no superscript form."""
    return _placed(text, SUPERSCRIPT) or (f"^{text}" if len(text) == 1 else f"^({text})")


def raised_behind(base: str, text: str) -> str:
    """Return a text as an exponent, or attached if it ends an ordinal or an abbreviation: 21st, XXe, no; ™ for TM."""
    letters = text.strip()
    if letters in _MARKS and base[-1:].isalnum():
        return _MARKS[letters]
    is_written_on = any(ends.fullmatch(letters) and bases.search(base) for bases, ends in _WRITTEN_ON)
    return letters if is_written_on else raised(text)


def lowered(text: str) -> str:
    """Return a text as an index: ₂, or between spaces if a letter has no subscript form."""
    return _placed(text, SUBSCRIPT) or f" {text} "


def _placed(text: str, forms: Mapping[str, str]) -> str:
    bare = "".join(text.split())
    return "".join(forms[letter] for letter in bare) if all(letter in forms for letter in bare) else ""


def _run(tokens: Sequence[str], depth: int, end: str = "") -> tuple[str, Sequence[str]]:
    """Return the text of the tokens up to `end`, and the tokens after it."""
    if depth > _DEEPEST:
        raise _TooHardError
    out = ""
    while tokens and tokens[0] != end:
        sign, tokens = tokens[0], tokens[1:]
        if sign in {"^", "_"}:
            part, tokens = _argument(tokens, depth)
            out = out.rstrip() + (_exponent(out.rstrip(), part) if sign == "^" else lowered(part))
            continue
        if sign in _THIN_SPACES:
            out += _thin_space(out, tokens)
            continue
        part, tokens = _part(sign, tokens, depth)
        out += _set(part, out)
    if end and not tokens:
        raise _TooHardError
    return out, tokens[1:] if end else tokens


def _thin_space(before: str, tokens: Sequence[str]) -> str:
    after = next((token for token in tokens if token[1:] not in _SKIPPED or token in {r"\right", r"\left"}), "")
    bar = before.rfind("|")
    is_open = before.count("|") % 2 == 1 and before[:bar].rstrip()[-1:] in _BEFORE_BAR
    is_inside = before[-1:] in _OPENERS or after in _CLOSERS or (is_open and "|" in {before[-1:], after})
    return "" if is_inside or (before[-1:].isdigit() and after.isdigit()) else " "


def _length(tokens: Sequence[str], depth: int) -> tuple[str, Sequence[str]]:
    """Return the space of a length, which may be less than none, and the tokens after it."""
    if tokens and tokens[0] == "{":
        said, tokens = _argument(tokens, depth)
    else:
        found = _LENGTH.match("".join(tokens))
        if found is None:
            raise _TooHardError
        said, rest = found[0], len(found[0])
        while rest > 0:
            rest, tokens = rest - len(tokens[0]), tokens[1:]
    return "" if said.lstrip().startswith(("-", "−")) else " ", tokens


def _exponent(base: str, part: str) -> str:
    return raised_behind(base, part) if part in {"st", "nd", "rd", "th"} else raised(part)


def _set(part: str, before: str) -> str:
    """Space a part according to what precedes it: relations get spaces, the sign of an amount does not."""
    if part in _SPACED:
        return f" {part} "
    if part in {"+", "−", "±", "∓"} and before.strip() and before.rstrip()[-1] not in "(=<>≤≥,;":
        return f" {part} "
    return part


def _part(sign: str, tokens: Sequence[str], depth: int) -> tuple[str, Sequence[str]]:
    if sign == "{":
        return _run(tokens, depth + 1, "}")
    if not sign.startswith("\\"):
        if sign in "}&~" or not sign.isprintable():
            return _odd(sign), tokens
        return ("−" if sign == "-" else sign), tokens
    return _command(sign[1:].rstrip("*"), tokens, depth)


def _odd(sign: str) -> str:
    if sign in "}&":
        raise _TooHardError
    return " "


def _command(name: str, tokens: Sequence[str], depth: int) -> tuple[str, Sequence[str]]:
    if name in _SIGNS or name in _BINARY:
        return _SIGNS.get(name) or _BINARY[name], tokens
    if name in _SPACES or name in _SKIPPED:
        return " " if name in _SPACES else "", tokens[1:] if name in {"left", "right"} and tokens[:1] == ["."] else tokens
    if name in _NAMES or name in set("%$&#_{}|"):
        return f" {name} " if name in _NAMES else name, tokens
    return _with_arguments(name, tokens, depth)


def _with_arguments(name: str, tokens: Sequence[str], depth: int) -> tuple[str, Sequence[str]]:
    if name in _LENGTHS:
        return _length(tokens, depth)
    if name in _PHANTOMS:
        _, tokens = _argument(tokens, depth)
        return "" if name.startswith("v") else " ", tokens
    if not (name in _PLAIN | _WORDS | _FRACTIONS or name in _ACCENTS or (name == "sqrt" and tokens[:1] != ["["])):
        raise _TooHardError
    inner, tokens = _argument(tokens, depth)
    if name in _ACCENTS:
        return _accented(inner, _ACCENTS[name]), tokens
    if name in _FRACTIONS:
        below, tokens = _argument(tokens, depth)
        return f" {_grouped(inner)}/{_grouped(below)} ", tokens
    if name == "sqrt":
        return f"√{_grouped(inner)}", tokens
    return (f" {inner} " if name in _WORDS and len(inner) > 1 else inner), tokens


def _accented(inner: str, mark: str) -> str:
    """Put a mark above a letter; anything else stays unmarked."""
    is_named = inner.isalpha() and len(inner) <= (_LONGEST_VECTOR if mark == _ACCENTS["vec"] else 1)
    return inner + mark if is_named else f"{inner[0]}{mark}{inner[1:]}" if _INDEXED.fullmatch(inner) else inner


def _argument(tokens: Sequence[str], depth: int) -> tuple[str, Sequence[str]]:
    """Return the next token or group, and the tokens after it."""
    while tokens and tokens[0].isspace():
        tokens = tokens[1:]
    if not tokens or tokens[0] in {"^", "_", "}"}:
        raise _TooHardError
    text, tokens = _part(tokens[0], tokens[1:], depth + 1)
    return " ".join(text.split()), tokens


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"[\w.′²³]*", text) else f"({text})"
