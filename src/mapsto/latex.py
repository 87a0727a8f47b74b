r"""Names and numbers in LaTeX's mathematics."""

import re

from mapsto import figures

GREEK = frozenset(
    """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho
    sigma tau upsilon phi chi psi omega""".split()  # noqa: SIM905
)
SPECIAL = re.compile(r"([#$%&_{}])")
SYMBOL = re.compile(r"([A-Za-z]+?)_?(\d*)")


def name(text: str) -> str:
    r"""x stays x, q1 is q_{1}, theta is \theta; longer names stand upright."""
    found = SYMBOL.fullmatch(text)
    if found and (len(found[1]) == 1 or found[1].lower() in GREEK):
        base = found[1] if len(found[1]) == 1 else f"\\{found[1]}"
        return f"{base}_{{{found[2]}}}" if found[2] else base
    upright = SPECIAL.sub(r"\\\1", text.replace("\\", "")).replace(" ", "~")
    return rf"\mathrm{{{upright}}}"


def number(value: float) -> str:
    r"""23{,}910 and 3.2 \times 10^{-7}."""
    told = figures.plain(value)
    digits, _, exponent = told.partition("e")
    if exponent:
        return rf"{digits} \times 10^{{{int(exponent)}}}"
    return told.replace(",", "{,}")
