"""The site's pure parts: grids of frames, formulas, quizzes, terms, what a page leaves out."""

import html
import io
import random

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from dlcourse import CourseError, figures
from dlcourse.quizzes import Question
from dlcourse.tools import catalog, notebooks
from dlcourse.tools.site import (
    build,
    drawing,
    extension,
    frame_files,
    front_pages,
    grids,
    lesson_pages,
    maths,
    quiz_pages,
    search_texts,
    terms,
)  # fmt: skip

LESSONS = catalog.read_lessons(ROOT)


# ── grids ───────────────────────────────────────────────────────────────────────


def test_one_slider_has_its_default_and_at_most_25_steps():
    controls, combinations, alone = grids.grid_of({"x": 1.3}, {"x": (-4.0, 4.0)})
    (control,) = controls
    assert len(control.values) == len(combinations) == 25 and not alone
    assert control.values[control.start] == 1.3 and combinations[0] == (control.start,)
    assert control.values == sorted(control.values)
    assert control.values[0] == -4.0 and control.values[-1] == 4.0


def test_a_short_slider_keeps_every_step():
    controls, _, _ = grids.grid_of({"folds": 3}, {"folds": (2, 6)})
    assert controls[0].values == [2, 3, 4, 5, 6] and controls[0].start == 1
    assert controls[0].labels == ["2", "3", "4", "5", "6"]


def test_a_coarse_slider_keeps_its_ends():
    slider = {"opening": (0, 180), "a": (0, 9), "b": (0, 9)}
    defaults = {"opening": 140, "a": 9, "b": 0}
    controls, _, _ = grids.grid_of(defaults, slider, most=27)
    assert [control.values for control in controls] == [
        [0, 140, 180],
        [0, 4, 9],
        [0, 4, 9],
    ]
    assert [control.start for control in controls] == [1, 2, 0]


@pytest.mark.parametrize(
    "sliders, alone",
    [
        ({"a": (0, 9), "b": (0, 9)}, False),
        ({"a": (0, 9), "b": (0, 9), "c": (0, 9)}, False),
        ({"a": (0.0, 9.0, 0.5), "b": ["x", "y"], "c": (0, 9)}, False),
        ({"a": ["x", "y", "z"], "b": ["x", "y", "z"], "c": (0, 180), "d": (0, 9),
          "e": (0, 9)}, True),
        ({f"w{i}": (-2.0, 2.0, 0.5) for i in range(12)}, True),
        ({"a": list("abcde"), "b": list("abcde"), "c": list("abcde")}, True),
    ],
)  # fmt: skip
def test_a_grid_stays_small_and_holds_the_first_frame(sliders, alone):
    defaults = {name: spec[0] for name, spec in sliders.items()}
    for most in (64, 25, 12):
        controls, combinations, moved_alone = grids.grid_of(defaults, sliders, (), most)
        start = tuple(control.start for control in controls)
        assert combinations[0] == start and len(set(combinations)) == len(combinations)
        assert len(combinations) <= most or most < 25
        for control, spec in zip(controls, sliders.values(), strict=True):
            assert control.values[control.start] == spec[0]
            assert isinstance(spec, tuple) or control.values == spec
    assert grids.grid_of(defaults, sliders)[2] is alone
    assert moved_alone or not alone


def test_menus_are_combined_even_where_sliders_move_alone():
    sliders = {"up": ["l", "r"], "down": ["l", "r"], "a": (0, 9), "b": (0, 9), "c": (0, 9),
               "d": (0, 9)}  # fmt: skip
    defaults = {"up": "l", "down": "r", "a": 0, "b": 0, "c": 0, "d": 0}
    controls, combinations, alone = grids.grid_of(defaults, sliders)
    assert alone
    start = [control.start for control in controls]
    for up in (0, 1):
        for down in (0, 1):
            assert (up, down, *start[2:]) in combinations
            assert (up, down, 1, *start[3:]) in combinations


def test_a_text_box_offers_prepared_texts():
    controls, combinations, _ = grids.grid_of(
        {"s": "one"}, {"s": "type"}, ["two", "one"]
    )
    assert controls[0].kind == "menu" and controls[0].values == ["one", "two"]
    assert len(combinations) == 2


# ── frames ──────────────────────────────────────────────────────────────────────

GENERATOR = np.random.default_rng(0)


def noisy(x=1, mode="line"):
    import matplotlib.pyplot as plt

    if x == 3:
        raise ValueError("no figure for 3")
    print("never seen")
    GENERATOR.random(), np.random.random(), random.random()
    figure, axis = plt.subplots(figsize=(2, 1))
    axis.plot([0, x])
    return figure


def test_frames_are_drawn_and_nothing_else_happens(tmp_path, monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(figures, "explore", lambda *a, **k: shown.append(k["alt"]))
    import dlcourse

    monkeypatch.setattr(dlcourse, "explore", dlcourse.explore)
    drawing.install(tmp_path, "abc", {})
    np.random.seed(1), random.seed(1)
    before = (GENERATOR.bit_generator.state, np.random.get_state()[1].tolist(),
              random.getstate())  # fmt: skip
    dlcourse.explore(noisy, alt="a line", x=(0, 4), mode=["line"])
    assert shown == ["a line"] and capsys.readouterr().out == ""
    assert before == (GENERATOR.bit_generator.state, np.random.get_state()[1].tolist(),
                      random.getstate())  # fmt: skip
    figure = frame_files.read_figure(tmp_path / "1.json")
    assert figure.code == "abc" and [c["name"] for c in figure.controls] == [
        "x",
        "mode",
    ]
    assert set(figure.index) == {"0,0", "1,0", "2,0", "4,0"}  # 3 has no figure
    assert len(figure.pictures) == 4
    assert all(data[8:12] == b"WEBP" for data in figure.pictures)
    assert frame_files.figure_text(figure) == (tmp_path / "1.json").read_text()


def test_pictures_are_packed_into_the_room_or_not_at_all():
    from PIL import Image

    target = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (120, 200, 3), "uint8")
    assert len(drawing.webp(Image.new("RGB", (9, 9)), 20, 60)) < 200
    Image.fromarray(noise).save(target, "PNG")
    png = target.getvalue()
    assert sum(map(len, drawing.pack([png], 100_000))) > 60_000  # without loss
    smaller = drawing.pack([png], 40_000)
    assert smaller and sum(map(len, smaller)) <= 40_000
    assert drawing.pack([png], 1_000) is None


def test_a_gray_photograph_is_packed_as_one_and_lines_stay_sharp():
    from PIL import Image, ImageDraw

    rows, columns = np.mgrid[:200, :300]
    waves = 120 + 60 * np.sin(rows / 9) * np.cos(columns / 11)
    gray = np.clip(waves + np.random.default_rng(0).normal(0, 6, waves.shape), 0, 255)
    photograph = Image.fromarray(gray.astype("uint8")).convert("RGB")
    assert photograph.getcolors(5000)  # by its colors it could be a diagram
    assert drawing.webp(photograph, 32, 75)[12:16] == b"VP8 "
    diagram = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(diagram).line((0, 0, 300, 150), "black", 2)
    assert drawing.webp(diagram, 32, 75)[12:16] == b"VP8L"
    ramp = Image.linear_gradient("L").resize((300, 100)).convert("RGB")
    diagram.paste(ramp, (0, 100))
    diagram.paste((213, 94, 0), (20, 20, 28, 28))  # a vermilion dot on many grays
    few = Image.open(io.BytesIO(drawing.webp(diagram, 16, 45))).convert("RGB")
    assert max(np.abs(np.subtract(few.getpixel((24, 24)), (213, 94, 0)))) <= 12


def test_texts_for_a_box_are_the_sentences_above_it():
    cells = [
        nbformat.v4.new_markdown_cell(
            "Try *The bed was\nbad.* or **Not this.** or *so*."
        ),
        nbformat.v4.new_code_cell("explore(read, sentence='x')"),
    ]
    book = nbformat.v4.new_notebook(cells=cells)
    assert frame_files.texts_above(book) == {1: ["The bed was bad."]}


def test_a_broken_file_of_frames_is_named(tmp_path):
    path = tmp_path / "24_1.json"
    path.write_text("{}")
    with pytest.raises(CourseError, match="24_1.json .*dlcourse frames 24"):
        frame_files.read_figure(path)


@pytest.mark.parametrize("lesson", LESSONS, ids=[x.number for x in LESSONS])
def test_the_stored_frames_are_those_of_the_notebook(lesson):
    paths = sorted((lesson.notebook.parent / "frames").glob(f"{lesson.number}_*.json"))
    if not paths:
        pytest.skip(f"not drawn yet: python -m dlcourse frames {lesson.number}")
    notebook = notebooks.read_notebook(lesson.notebook)
    shown = sum(
        "".join(output.get("data", {}).get("text/plain", "")).startswith(
            lesson_pages.INTERACTIVE
        )
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    )
    assert len(paths) == shown
    for path in paths:
        figure = frame_files.read_figure(path)
        assert figure.code == frame_files.code_digest(notebook), (
            f"{path.name} is stale: run  python -m dlcourse frames {lesson.number}"
        )
        assert path.stat().st_size <= frame_files.LIMIT
        start = ",".join(str(control["start"]) for control in figure.controls)
        assert start in figure.index
        assert set(figure.index.values()) == set(range(len(figure.pictures)))


# ── formulas ────────────────────────────────────────────────────────────────────


def test_formulas_become_mathml_that_keeps_its_latex():
    made = maths.mathml(r"\frac{1}{n} \sum_i y_i \ln p_i", display=True)
    assert made.startswith("<math xmlns") and 'display="block"' in made
    assert r"\frac{1}{n}" in made and "<mfrac>" in made
    assert f"{maths.THIN}<mi>ln</mi>{maths.THIN}" in made  # TeX's spaces
    assert 'form="prefix">' in maths.mathml("z = (-1, 2)")
    assert 'form="prefix">' not in maths.mathml("(a) - b")


def test_an_unknown_command_is_refused():
    with pytest.raises(CourseError, match="unknown command|cannot be converted"):
        maths.mathml(r"\nosuchcommand{x}")


# ── quizzes ─────────────────────────────────────────────────────────────────────


def test_a_quiz_is_a_form_that_reads_without_a_script():
    question = Question(
        "Is `a < b`?", [("yes", "it is"), ("no", "it is not")], answer=1
    )
    text = quiz_pages.quiz_html("24", [question])
    assert "<legend>1. Is <code>a &lt; b</code>?</legend>" in text
    assert text.count('type="radio" name="24.q1"') == 2
    assert '<li data-right="0">✗ <span>it is</span></li>' in text
    assert '<li data-right="1">✓ <span>it is not</span></li>' in text
    assert "aria-live" in text and "<details>" in text


# ── pages of lessons ────────────────────────────────────────────────────────────

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


def code(source, *outputs, tags=()):
    return nbformat.v4.new_code_cell(
        source, outputs=list(outputs), metadata={"tags": list(tags)}
    )


def small_book():
    out = nbformat.v4.new_output
    picture = {"image/png": PNG, "text/plain": "[interactive figure] a dot"}
    return nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("# old", metadata={"tags": ["header"]}),
        code("import os", tags=["bootstrap"]),
        code("SEED = 0", tags=["parameters"]),
        code("lesson = dlcourse.start('24')",
             out("stream", text="Lesson 24 · quick · CPU\n")),
        nbformat.v4.new_markdown_cell("[Here](23_x.ipynb) and [there](99_y.ipynb)"),
        code("draw()", out("display_data", data=picture,
                           metadata={"image/png": {"alt": 'a "dot"'}}), tags=["hide-input"]),
        code("# @title Solution 24.1\nx = 1", out("stream", text="✓ 24.1\n"),
             tags=["solution", "hide-cell"]),
        code("frame", out("execute_result", data={
            "text/html": "<style scoped>x</style><th></th><th>a</th>", "text/plain": "x"})),
        code("quiz('24')", out("display_data", data={"text/html": "old"})),
        nbformat.v4.new_markdown_cell("bye", metadata={"tags": ["footer"]}),
    ])  # fmt: skip


def test_a_page_holds_what_readers_need_and_nothing_of_the_kernel():
    lesson = next(x for x in LESSONS if x.number == "24")
    book = small_book()
    figure = frame_files.Figure("x", [{"name": "x", "kind": "slider", "values": ["1"],
                                       "start": 0}], False, {"0": 0}, [b"x"])  # fmt: skip
    question = Question("Why?", [("a", "no"), ("b", "yes")], answer=1)
    page, pictures = lesson_pages.page_of(
        lesson, book, {"Open in Colab": "https://c?a=1&b=2"},
        {"23_x.ipynb": "23_x.ipynb", "23": "23_x.ipynb"}, {1: figure}, [question],
    )  # fmt: skip
    text = nbformat.writes(page)
    assert len(page.cells) == 7 and "SEED = 0" not in text and "import os" not in text
    assert "Lesson 24 · quick" not in text and "bye" not in text
    head = page.cells[0].source
    assert 'href="https://c?a=1&amp;b=2"' in head and "[lesson 23](23_x.ipynb)" in head
    assert page.cells[1].metadata["mystnb"]["code_prompt_show"] == "Show the imports"
    assert page.cells[2].source == "[Here](23_x.ipynb) and there"
    shown = page.cells[3].outputs[0].data["text/html"]
    assert "course-explore" in shown and "a &quot;dot&quot;" in shown
    assert page.cells[3].metadata["tags"] == ["hide-input"]
    assert page.cells[4].source == "x = 1" and page.cells[4].metadata["tags"] == [
        "hide-cell"
    ]
    assert page.cells[5].outputs[0].data["text/html"] == "<td></td><th>a</th>"
    assert "course-question" in page.cells[6].outputs[0].data["text/html"]
    (name,) = pictures
    assert (
        name.endswith(".webp") and lesson_pages.as_webp(pictures[name])[8:12] == b"WEBP"
    )
    assert book.cells[1].source == "import os"  # the stored notebook stays
    assert front_pages.last_figure(text) == shown


def test_a_models_summary_has_the_pages_colors():
    blue = "color: #0087ff; text-decoration-color: #0087ff"
    text = f'<pre><span style="{blue}">Dense</span><span style="{blue}; font-weight: bold">x'
    assert lesson_pages.tidy_html(text) == (
        '<pre><span style="">Dense</span><span style="; font-weight: bold">x'
    )


def test_a_figure_without_frames_is_its_picture():
    lesson = next(x for x in LESSONS if x.number == "24")
    page, _ = lesson_pages.page_of(lesson, small_book(), {}, {}, {}, [])
    shown = page.cells[3].outputs[0].data["text/html"]
    assert shown.startswith("<img") and "course-explore" not in shown


def test_launch_links_are_the_badges():
    lesson = LESSONS[0]
    links = lesson_pages.launch_links(lesson, "a/b", "main")
    assert list(links) == ["Open in Colab", "Open in Kaggle", "Launch Binder"]
    assert all(lesson.notebook.name in address for address in links.values())


def test_wide_things_scroll_by_keyboard_and_no_heading_is_empty():
    body = "<pre>x</pre><table><tr><th></th><th>a</th></tr></table>"
    assert extension.mended(body) == (
        '<pre tabindex="0">x</pre><div class="course-wide" tabindex="0"><table><tr>'
        "<td></td><th>a</th></tr></table></div>"
    )


def test_a_heading_that_is_a_formula_is_said_in_words():
    head = extension.said(f"<th class='head'><p>{maths.mathml('f(z)')}</p></th>")
    start = "<th class='head'><span class=\"course-said\">f(z)</span>"
    assert html.unescape(head).startswith(start)
    assert '<math aria-hidden="true"' in head
    mixed = f"<th>slope {maths.mathml('z')}</th>"
    assert extension.said(mixed) == mixed


# ── terms ───────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def books():
    return {x.number: notebooks.read_notebook(x.notebook) for x in LESSONS}


def test_every_term_is_introduced_where_it_says(books):
    known = terms.read_terms()
    assert len(known) >= 120
    missing = [
        f"{term.name} in lesson {term.lesson}"
        for term in known
        if not terms.introduced_in(term, books[term.lesson])
    ]
    assert missing == []


def test_every_term_is_one_sentence_of_its_own():
    known = terms.read_terms()
    for term in known:
        assert 20 <= len(term.meaning) <= 150 and term.meaning.endswith("."), term.name
        assert ". " not in term.meaning, term.name
    slugs = [term.slug for term in known]
    assert len(set(slugs)) == len(slugs)
    words = [word.lower() for term in known for word in (term.name, *term.forms)]
    assert len(set(words)) == len(words), {w for w in words if words.count(w) > 1}


def test_terms_are_found_in_their_forms_and_not_in_others():
    pattern = terms.words_pattern(["fold", "He", "log-odds", "test set"])
    text = "Fold it. He says he unfolds a test\nset; LOG-ODDS, log-odds, folding."
    assert pattern.findall(text) == ["Fold", "He", "test\nset", "log-odds"]


def linked(markdown, number="24", known=()):
    """Return the tree of some Markdown in which terms are linked."""
    from docutils import nodes

    document = nodes.section("", nodes.paragraph())
    (paragraph,) = document.children
    for piece in markdown:
        paragraph += piece
    terms.join_lines(document)
    known = {term.name: term for term in known}
    terms.mark_introductions(document, number, known)
    terms.link_uses(document, number, known)
    return document


def test_the_first_use_in_a_section_is_linked_and_the_introduction_marked():
    from docutils import nodes

    loss = terms.Term("loss", "How wrong.", "24", ("losses",))
    only_in_4 = terms.Term("state", "Numbers.", "41", parts="4")
    tree = linked(
        [nodes.Text("The loss"), nodes.Text("\n"), nodes.Text("and losses, "),
         nodes.literal("", "loss"), nodes.Text(" a state of loss")],
        known=[loss, only_in_4],
    )  # fmt: skip
    links = list(tree.findall(nodes.reference))
    assert [x.astext() for x in links] == ["loss"]
    assert links[0]["refuri"] == "glossary.html#term-loss"
    assert tree.astext() == "The loss\nand losses, loss a state of loss"
    assert tree[0]["ids"] == ["term-loss"]


# ── the pages beside the lessons ────────────────────────────────────────────────


def test_the_front_page_names_every_lesson_with_its_times():
    links = {x.number: {"Open in Colab": "https://c"} for x in LESSONS}
    text = front_pages.front_page(LESSONS, links, "a/course", "<img>")
    for lesson in LESSONS:
        assert f"[{lesson.title}]({lesson.notebook.stem})" in text
        assert f"| {lesson.seconds} s |" in text
    assert "git clone https://github.com/a/course.git && cd course" in text
    assert "make lab" in text and "make test" in text and "<img>" in text


def test_results_link_to_the_repository():
    text = front_pages.results_page("[a](README.md) [b](https://x) [c](#d)", "o/n")
    there = "https://github.com/o/n/blob/main/README.md"
    assert text == f"[a]({there}) [b](https://x) [c](#d)"


def test_the_output_folder_holds_what_it_should_and_nothing_else(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "x").write_text("x")
    (tmp_path / "same").write_text("same")
    before = (tmp_path / "same").stat().st_mtime_ns
    build.bring_up_to_date(tmp_path, {"same": "same", "new/y": b"y"})
    assert {p.name for p in tmp_path.rglob("*")} == {"same", "new", "y"}
    assert (tmp_path / "same").stat().st_mtime_ns == before


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "mine").write_text("x")
    with pytest.raises(CourseError, match="holds other things"):
        build.build_site(ROOT, LESSONS[:1], tmp_path)
    assert (tmp_path / "mine").exists()


# ── the texts of the search ─────────────────────────────────────────────────────


def test_the_search_gets_what_readers_see_and_no_answer():
    from docutils import nodes

    quiz = '<div class="course-quiz">Is <code>a</code>?<details>because</details></div>'
    solution = nodes.container(
        "", nodes.literal_block(text="x = 1"), classes=["tag_hide-cell"]
    )
    answers = nodes.container(
        "", nodes.raw("", quiz, format="html"), classes=["cell_output"]
    )
    hint = nodes.raw("", "<details><summary>Hint</summary>x</details>", format="html")
    inner = nodes.section(
        "", nodes.title(text="In"), nodes.paragraph(text="deep"), ids=["in"]
    )
    words = nodes.paragraph(
        "", nodes.Text("The "), nodes.strong(text="loss"), nodes.math(text=r"\hat y")
    )
    top = nodes.section("", nodes.title(text="Top"), words, hint, solution, answers, inner,
                        ids=["top", "term-x"])  # fmt: skip
    assert search_texts.sections_of(nodes.container("", top)) == [
        ["top", "Top", "The lossy\u0302 Is a?"],
        ["in", "In", "deep"],
    ]
    assert (
        search_texts.of_formula(r"|e_t| \le \frac{1}{2}\sigma^2")
        == "|e_t| ≤ 1/2sigma^2"
    )
    script = search_texts.script_of({"b": [["", "", "é"]], "a": []})
    assert script == 'courseSearchTexts({"a":[],"b":[["","","é"]]});\n'
