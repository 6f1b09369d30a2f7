"""Formulas become text that can be read; nothing else changes."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters import formula
from adapters.mathematics import opened, readable


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("x^2+y_1", "x²+y₁"),
        (r"\frac{a+b}{2}", "(a+b)/2"),
        (r"\frac12 + \frac{3}{4}", "1/2 + 3/4"),
        (r"\frac{1}{2}x", "(1/2)x"),
        (r"\frac{2}{3}\pi", "(2/3)π"),
        (r"3\frac{1}{2}", "3 1/2"),
        (r"\frac{a}{b}^2", "(a/b)²"),
        (r"x^2\frac{1}{2}", "x²(1/2)"),
        (r"\frac{1}{2x}", "1/(2x)"),
        (r"\frac{\frac{1}{2}}{x}", "(1/2)/x"),
        (r"x^{\frac{1}{2}}", "x^(1/2)"),
        (r"\left(\dfrac12\right)", "(1/2)"),
        (r"\frac{dy}{dx} = \frac{n!}{k!}", "dy/dx = n!/k!"),
        (r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}", "x = (-b ± √(b²-4ac))/(2a)"),
        (r"\sqrt 2 + \sqrt[3]{x} + \sqrt[n]{x+1}", "√2 + ∛x + ⁿ√(x+1)"),
        (r"10^{-3}\,\mathrm{m}", "10⁻³ m"),
        (r"x_{i,j} + v_{\text{final}} + e^{i\pi}", "x_(i,j) + v_final + e^(iπ)"),
        (r"\sum_{i=1}^{n} i \leq \alpha \times 3", "∑ᵢ₌₁ⁿ i ≤ α × 3"),
        (r"\int_0^1 x^2\,dx=\frac{1}{3}", "∫₀¹ x² dx = 1/3"),
        (r"\lim_{x \to \infty} f(x)", "lim_(x → ∞) f(x)"),
        (r"\sin^2\theta + 2\cos(x) + x\log_2 8", "sin² θ + 2 cos(x) + x log₂ 8"),
        (r"a \equiv b \pmod{n}", "a ≡ b (mod n)"),
        (r"\operatorname{lcm}(a,b) \ne \binom{n}{k}", "lcm(a,b) ≠ C(n, k)"),
        (r"\overline{AB} \parallel CD,\ \angle ABC = 90^\circ", "A̅B̅ ∥ CD, ∠ABC = 90°"),
        (r"p \implies q \iff \neg r", "p ⟹ q ⟺ ¬r"),
        (r"A^T = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "Aᵀ = (1, 2; 3, 4)"),
        (r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}", "|a, b; c, d|"),
        (r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}", "[1; 2]"),
        (r"f(x)=\begin{cases} 1, & x>0 \\ 0 & \text{otherwise} \end{cases}", "f(x) = { 1, x > 0; 0, otherwise }"),
        (r"\begin{aligned} a &= b \\ &= c \\ d &= e \end{aligned}", "a = b = c\nd = e"),
        (r"a = 3 \\ b = 4", "a = 3\nb = 4"),
        (r"\boxed{\mathbf{F} = m\vec{a}}", "F = ma⃗"),
        (r"100% = 50\% + 50\%", "100% = 50% + 50%"),
        (r"\{1, 2\} \subset \mathbb{N}", "{1, 2} ⊂ ℕ"),
        (r"H_2O \to H^+ + OH^-", "H₂O → H⁺ + OH⁻"),
        (r"\unheardof{x} y", "unheardof x y"),
        (r"\text{if } x \textcolor{red}{= 3} \tag{1}", "if x = 3 (1)"),
    ],
)
def test_a_formula_in_characters(latex: str, words: str) -> None:
    assert formula.text(latex) == words


@pytest.mark.parametrize("latex", [r"\frac{", "x^", "}{", r"\begin{matrix} 1", "{" * 99, "x" * 5_000, " ", "\ue000"])
def test_what_is_no_formula_is_not_guessed_at(latex: str) -> None:
    assert formula.text(latex) is None


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Let $x$ be $x^2$.", "Let x be x²."),
        ("$5$, $2x$, $-3$", "5, 2x, -3"),
        ("求$x$的值，the $n$th", "求x的值，the nth"),
        (r"**Answer:** $\boxed{B}$", "**Answer:** B"),
        (r"It is \boxed{\frac{3}{4}}.", "It is 3/4."),
        (r"So \(a \le b\), and \[ x = 1 \]", "So a ≤ b, and x = 1"),
        ("Then\n\n$$\nx^2\n$$\n\nfollows.", "Then\n\nx²\n\nfollows."),
        ("\\begin{align*}\na &= b \\\\\nc &= d\n\\end{align*}", "a = b\nc = d"),
        ("\\[ a \\\\[4pt] b \\]", "a\nb"),
        ("| $x^2$ | 3 |\n|---|---|\n| a | $\\pi$ |", "| x² | 3 |\n|---|---|\n| a | π |"),
        ("costs $5, and $x^2$ is 4", "costs $5, and x² is 4"),
        (r"$\$5$ each", r"\$5 each"),
    ],
)
def test_formulas_are_found_in_markdown(markdown: str, shown: str) -> None:
    assert readable(markdown) == shown


@pytest.mark.parametrize(
    "markdown",
    [
        "It costs $5 and $6.",
        "$5, $6; $5-$6; $5/$6",
        "between $5 and 10$ or so",
        "$100 (about 90 EUR), not 200$",
        "US$5 and A$6, 10$ or 20$",
        r"\$5 and \$6",
        "$HOME/bin:$PATH and ${x}",
        "`$x^2$` and ``\\(y\\)``",
        "```\n$x^2$\n```",
        "~~~latex\n\\[x\\]\n",
        "- a\n\n      $x^2$",
        r"see \[1\] and \[12\]",
        r"a broken $\frac{$ and \[ x",
        "$x\n\ny$ and $$x\n\ny$$",
        "C:\\begin\\end, a_b_c, 2^10",
        "",
    ],
)
def test_money_code_and_all_else_stay_as_they_are(markdown: str) -> None:
    assert readable(markdown) == markdown


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("$a*b*c$", "a∗b∗c"),
        ("$> 2$", r"\> 2"),
        ("x\n$= 2$", "x\n\\= 2"),
        ("$- 3$ and $- 3$", r"\- 3 and - 3"),
        ("$1.$", r"1\."),
        (r"$[1](x)$", "[1] (x)"),
        ("$(a)_{bc}$", r"(a)\_(bc)"),
        (r"$\backslash[x\backslash]$", "∖[x∖]"),
        ("$a<b>c$", "a < b > c"),
    ],
)
def test_a_formula_becomes_no_markup(markdown: str, shown: str) -> None:
    assert readable(markdown) == shown


@given(st.text(alphabet=st.characters(exclude_characters="$\\")))
def test_text_without_formulas_is_untouched(markdown: str) -> None:
    assert readable(markdown) == markdown


PIECES = st.sampled_from(
    [
        *(
            "$",
            "$$",
            "\\(",
            "\\)",
            "\\[",
            "\\]",
            "\\boxed{",
            "{",
            "}",
            "^",
            "_",
            "&",
            "\\\\",
            "%",
            "#",
            "~",
            "`",
            "```",
        ),
        *("\\frac", "\\sqrt[", "]", "\\left(", "\\begin{pmatrix}", "\\end{pmatrix}", "\\begin{align}", "\\end{align}"),
        *(
            "\\text{",
            "\\sin",
            "\\overline",
            "\\operatorname",
            "\\not",
            "\\",
            "x",
            "12",
            " ",
            "\n",
            "\n    ",
            "- ",
            "> ",
        ),
        *(
            "|",
            "=",
            "+",
            ".",
            "'",
            "é",
            "中",
            "\\pmod",
            "\\tag",
            "\\verb|",
            "\\input{",
            "\\newcommand",
            "\\item",
            "\\left.",
        ),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
@example("$5 $x$ 6$")
@example("\\[\\(x\\)\\]")
@example("$" * 9)
def test_whatever_comes_it_never_raises_and_twice_is_once(markdown: str) -> None:
    once = readable(markdown)
    assert readable(once) == once


@given(st.lists(PIECES, max_size=20).map("".join))
def test_any_formula_is_read_or_left(latex: str) -> None:
    words = formula.text(latex)
    assert words is None or (words.strip() == words and not any("\ue000" <= letter <= "\uf8ff" for letter in words))


@pytest.mark.parametrize(
    "piece", ["\\[", "\\boxed{", "$x ", "$x$", "{", "\\begin{align}", "\\frac{", "`", "$$x", "\\(x\\)"]
)
def test_hostile_answers_take_no_longer_than_their_length_asks_for(piece: str) -> None:
    began = time.perf_counter()
    readable(piece * (20_000 // len(piece)))
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("plain words", "plain words"),
        ("it is $x = ", "it is "),
        ("so \\[ x", "so "),
        ("\\boxed{4", ""),
        ("it costs $5 today\n\nand more", "it costs $5 today\n\nand more"),
        ("it costs $5 today\n\nand \\(x", "it costs $5 today\n\nand "),
    ],
)
def test_where_a_formula_may_have_begun(text: str, before: str) -> None:
    assert text[: opened(text)] == before
