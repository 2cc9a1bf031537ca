"""Formulas as MathML, made when the site is built: no script, and screen readers read it."""

from __future__ import annotations

import html
import re

from ...errors import CourseError

FUNCTIONS = "ln|log|exp|sin|cos|tan|tanh|max|min|softmax|sign"
THIN = '<mspace width="0.167em"/>'
PREFIX = "http://www.w3.org/1998/Math/MathML"


def mathml(latex, display=False):
    """Return a formula as MathML that keeps its LaTeX as an annotation.

    Args:
        latex: the formula.
        display: whether it stands on a line of its own.

    Raises:
        CourseError: if the formula cannot be converted.
    """
    from latex2mathml.converter import convert

    try:
        made = convert(
            prepared(latex), display="block" if display else "inline", xmlns=PREFIX
        )
    except Exception as error:  # the converter's own errors have no common base
        raise CourseError(
            f"This formula cannot be converted: {latex} ({error!r})."
        ) from None
    if re.search(r"<mi>\\|<mtext>\\[a-z]", made):
        raise CourseError(f"This formula has an unknown command: {latex}")
    inner = spaced(re.sub(r"\A<math[^>]*>|</math>\Z", "", made))
    kind = ' display="block"' if display else ""
    return (
        f'<math xmlns="{PREFIX}"{kind}><semantics>{inner}<annotation encoding='
        f'"application/x-tex">{html.escape(latex.strip(), quote=False)}</annotation>'
        "</semantics></math>"
    )


def spaced(made):
    """Return MathML with TeX's spaces: around a function's name, none behind a sign."""
    made = re.sub(
        rf"(</(?:mi|mn|msub|msup|mfrac|msubsup)>)<m([io])>({FUNCTIONS})</m\2>",
        rf"\1{THIN}<mi>\3</mi>",
        made,
    )
    made = re.sub(
        rf"(?<!<msub>)(?<!<munder>)(?<!<msup>)<m([io])>({FUNCTIONS})</m\1>"
        r"(?!<mo[^>]*>(?:&#x00028;|\[)|</m|<mo>&#x02061;)",
        rf"<mi>\2</mi>{THIN}",
        made,
    )
    signs = r"&#x0(?:2212|002B|00B1);"  # minus, plus, plus or minus
    behind = r"<mo[^>]*>(?!&#x0(?:0029|005D|007D|007C|2016);)[^<]*</mo>|<mspace[^>]*>"
    return re.sub(
        rf"({behind})<mo>({signs})</mo>", r'\1<mo form="prefix">\2</mo>', made
    )


def prepared(latex):
    """Return LaTeX in the words that the converter knows."""
    latex = re.sub(r"\\(?:lvert|rvert)\b", "|", latex)
    return re.sub(r"\\(?:lVert|rVert)\b", r"\\|", latex)


def visit_inline(translator, node):
    """Write an inline formula: Sphinx calls this."""
    import docutils.nodes

    translator.body.append(f'<span class="math">{mathml(node.astext())}</span>')
    raise docutils.nodes.SkipNode


def visit_display(translator, node):
    """Write a formula on its own line: Sphinx calls this."""
    import docutils.nodes

    translator.body.append(
        f'<div class="math" tabindex="0">{mathml(node.astext(), True)}</div>'
    )
    raise docutils.nodes.SkipNode
