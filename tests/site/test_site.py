"""The site as its readers get it: built from the stored notebooks, opened from the disk.

A few lessons by default, those that ``make test ARGS="24"`` names, or all of them with
``make test ARGS="site all"``. Without Chromium the pages are built and their links followed.
"""

import os
import re
import shutil
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import ROOT

from dlcourse.tools import catalog, notebooks
from dlcourse.tools.site import build, frame_files
from dlcourse.tools.site.terms import prose, read_terms, words_pattern

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, NAMES)), None
)
needs_browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
EVERY = catalog.read_lessons(ROOT)
FEW = {"00", "13", "24"}
NAMED = set(os.environ.get("DLCOURSE_TEST_LESSONS", "").split())
ALL = os.environ.get("DLCOURSE_TEST_PAGES") == "all"
OUTPUT = ROOT / ".cache" / ("site_tested_all" if ALL else "site_tested")
LESSONS = [x for x in EVERY if ALL or x.number in (NAMED | {"00"} if NAMED else FEW)]
# with a lesson named, only its page goes through the browser
SEEN = [x for x in LESSONS if not NAMED or ALL or x.number in NAMED]
OTHERS = ["index", "where_am_i", "glossary", "concepts", "results", "search"]
PAGES = [x.notebook.stem for x in SEEN] + (OTHERS if ALL or not NAMED else [])
HEAVIEST = 2_500_000  # bytes of a lesson's page with all it loads


@pytest.fixture(scope="module")
def site():
    """The built site's folder."""
    front, warnings = build.build_site(ROOT, LESSONS, OUTPUT)
    assert warnings == []
    return front.parent


class Links(HTMLParser):
    """Collect a page's identifiers, links, and the files that it loads."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])
        elif tag in ("img", "script", "source") and "src" in attrs:
            self.loads.append(attrs["src"])
        elif tag == "link" and "href" in attrs:
            self.loads.append(attrs["href"])


@pytest.fixture(scope="module")
def links(site):
    """``{page name: Links}`` of all pages."""
    return {
        path.name: Links(path.read_text(encoding="utf-8"))
        for path in site.glob("*.html")
    }


def test_no_link_inside_is_broken(site, links):
    broken = []
    for page, found in links.items():
        for link in found.links + found.loads:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "data"):
                continue
            target = urllib.parse.unquote(parts.path) or page
            fragment = urllib.parse.unquote(parts.fragment)
            if not (site / target).exists():
                broken.append(f"{page}: {link}")
            elif fragment and target in links and fragment not in links[target].ids:
                broken.append(f"{page}: {link}")
    assert broken == []


def test_no_page_loads_anything_from_elsewhere(links):
    away = [
        f"{page}: {link}"
        for page, found in links.items()
        for link in found.loads
        if re.match(r"(?:https?:)?//", link)
    ]
    assert away == []


def test_identifiers_are_unique(links):
    for page, found in links.items():
        twice = {name for name in found.ids if found.ids.count(name) > 1}
        assert not twice, f"{page}: {twice}"


def test_what_only_a_kernel_needs_is_left_out(site):
    for lesson in LESSONS:
        text = (site / f"{lesson.notebook.stem}.html").read_text(encoding="utf-8")
        assert "DLCOURSE_INSTALL" not in text and "# @title" not in text
        assert not re.search(rf"Lesson {lesson.number} · \w+ · ", text)
        assert f'href="notebooks/{lesson.notebook.name}" download' in text
        for words in ("Open in Colab", "Open in Kaggle", "Launch Binder"):
            assert f">{words}</a>" in text


def test_an_unchanged_site_is_left_alone(site):
    before = {p: p.stat().st_mtime_ns for p in site.rglob("*.html")}
    build.build_site(ROOT, LESSONS, OUTPUT)
    assert {p: p.stat().st_mtime_ns for p in site.rglob("*.html")} == before


# ── in a browser ────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


SLOW = 120_000  # milliseconds: a page takes long on a busy machine


class Watched:
    """A page of the site in the browser, with all that it asks for and gets wrong."""

    def __init__(self, context, address):
        self.page = context.new_page()
        self.asked, self.errors = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)

    def check(self):
        """Assert that nothing was asked of any other place, and no script stumbled."""
        away = [u for u in self.asked if not u.startswith(("file:", "data:"))]
        assert away == [] and self.errors == []


def new_context(browser, width=1300, **settings):
    context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
    context.set_default_timeout(SLOW)
    return context


@pytest.fixture
def open_page(browser, site):
    """A function that opens a page of the site, and watches what it asks for."""
    contexts, watched = [], []

    def opened(name, script=True, context=None, **settings):
        if context is None:
            context = new_context(browser, java_script_enabled=script, **settings)
            contexts.append(context)
        watched.append(Watched(context, (site / f"{name}.html").as_uri()))
        watched[-1].page.watched = watched[-1]
        return watched[-1].page

    yield opened
    for each in watched:
        each.check()
    for context in contexts:
        context.close()


@pytest.fixture(scope="module", params=PAGES)
def visited(request, browser, site):
    """One page after the other, loaded once for the tests below, all of it in view."""
    context = new_context(browser, color_scheme="light")
    watched = Watched(context, (site / f"{request.param}.html").as_uri())
    unfold_and_answer(watched.page)
    yield watched
    watched.check()
    context.close()


# A page's code has thousands of pieces in a dozen looks. The contrast of each look, within
# everything around it, is computed thrice; every other rule sees all of them.
MARK_REPEATED = """() => {
  const around = new Map(), seen = new Map();
  function behind(element) {
    if (!element) { return ""; }
    if (!around.has(element)) {
      const s = getComputedStyle(element);
      around.set(element, [s.backgroundColor, s.backgroundImage, s.opacity, s.filter,
        s.mixBlendMode, s.position, behind(element.parentElement)].join("|"));
    }
    return around.get(element);
  }
  for (const piece of document.querySelectorAll("pre span")) {
    const s = getComputedStyle(piece);
    const look = [s.color, s.fontSize, s.fontWeight, s.textShadow, s.visibility,
      behind(piece)].join("|");
    const times = piece.getClientRects().length ? (seen.get(look) || 0) + 1 : 0;
    piece.toggleAttribute("data-repeated", times > 3);
    if (times) { seen.set(look, times); }
  }
}"""
THRICE = "axe.configure({rules: [{id: 'color-contrast', selector: '*:not([data-repeated])'}]});"


# pictures load when they come near: each is waited for, however busy the machine
COME_BY = """async () => {
  for (const picture of document.images) {
    if (!picture.getClientRects().length) { continue; }
    picture.scrollIntoView();
    do { await new Promise(go => setTimeout(go, 20)); } while (!picture.complete);
  }
}"""


def violations(page):
    """Return what axe-core finds on the whole page: rule and element."""
    from axe_playwright_python.base import AXE_SCRIPT
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(MARK_REPEATED)
    found = Axe(f"{AXE_SCRIPT};{THRICE}").run(page).response["violations"]
    return [(v["id"], node["html"][:200]) for v in found for node in v["nodes"]]


def unfold_and_answer(page):
    """Open every fold, and answer each question wrongly or rightly."""
    page.evaluate(
        "document.querySelectorAll('details').forEach(x => { x.open = true })"
    )
    page.evaluate(
        "document.querySelectorAll('.course-question').forEach((field, i) =>"
        " field.querySelectorAll('input')[i % 2].click())"
    )


def in_colors(page, scheme):
    """Switch the system, and with it the page, to light or dark."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => document.documentElement.dataset.theme === scheme", arg=scheme
    )
    page.wait_for_timeout(300)  # colors change slowly


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visited, scheme):
    page = visited.page
    page.set_viewport_size({"width": 1300, "height": 900})
    in_colors(page, scheme)
    assert violations(page) == []


@needs_browser
def test_a_phone_scrolls_no_page_sideways_and_no_page_is_heavy(visited):
    page = visited.page
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate(COME_BY)
    frames_asked = (
        "[...document.querySelectorAll('.course-explore')].every(x => x.frames)"
    )
    page.wait_for_function(frames_asked)
    page.wait_for_timeout(300)
    files = {
        urllib.parse.unquote(urllib.parse.urlsplit(url).path) for url in visited.asked
    }
    size = sum(Path(file).stat().st_size for file in files if file.startswith("/"))
    print(f"{page.url.rpartition('/')[2]}: {size / 1e6:.2f} MB")
    assert size < HEAVIEST


@needs_browser
def test_axe_does_look(open_page):
    page = open_page(SEEN[-1].notebook.stem, color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.evaluate("document.querySelector('main').append(new Image())")
    page.evaluate(
        "document.querySelectorAll('.highlight pre span.n')[40].style.color = '#383838'"
    )
    found = violations(page)
    assert sorted(rule for rule, _ in found) == ["color-contrast", "image-alt"], found


def with_frames(kind):
    """Return lessons whose first figure with frames has a control of this kind."""
    found = []
    for lesson in SEEN:
        for figure in frame_files.frames_of(lesson).values():
            if any(control["kind"] == kind for control in figure.controls):
                found.append(lesson)
                break
    return found


@needs_browser
def test_a_slider_moves_its_figure_by_keyboard_and_by_touch(open_page):
    for lesson in with_frames("slider"):
        page = open_page(lesson.notebook.stem, has_touch=True)
        slider = page.locator(".course-explore input[type=range]").first
        picture = page.locator(".course-explore:has(input[type=range]) img").first
        slider.scroll_into_view_if_needed()
        slider.focus()
        slider.press("End")  # from here on, the picture is one of the frames
        slider.press("Home")
        lowest = picture.get_attribute("src")
        said = [slider.get_attribute("aria-valuetext")]
        while picture.get_attribute("src") == lowest:  # neighbors may look alike
            slider.press("ArrowRight")
            assert slider.get_attribute("aria-valuetext") not in said, said
            said.append(slider.get_attribute("aria-valuetext"))
        assert "frames/" in picture.get_attribute("src")
        page.wait_for_function("x => x.complete && x.naturalWidth > 100",
                               arg=picture.element_handle())  # fmt: skip
        box = slider.bounding_box()
        page.touchscreen.tap(box["x"] + 3, box["y"] + box["height"] / 2)
        assert picture.get_attribute("src") == lowest


@needs_browser
def test_a_menu_chooses_its_figure(open_page):
    for lesson in with_frames("menu"):
        page = open_page(lesson.notebook.stem)
        menu = page.locator(".course-explore select").first
        picture = page.locator(".course-explore:has(select) img").first
        before = picture.get_attribute("src")
        for option in menu.locator("option").all()[::-1][:2]:
            menu.select_option(option.get_attribute("value"))
        assert picture.get_attribute("src") != before


@needs_browser
def test_every_combination_that_a_figure_offers_has_a_frame(site):
    for lesson in LESSONS:
        for place, figure in frame_files.frames_of(lesson).items():
            folder = site / "frames" / f"{lesson.number}_{place}"
            assert {f"{n:02}.webp" for n in figure.index.values()} <= {
                path.name for path in folder.iterdir()
            }


@needs_browser
def test_a_quiz_answers_and_remembers(open_page):
    lesson = SEEN[-1]
    page = open_page(lesson.notebook.stem)
    question = page.locator(".course-question").first
    assert not question.locator("details").is_visible()
    replies = []
    for option in question.locator("label").all():
        option.click()
        replies.append(question.locator(".course-reply").inner_text())
    assert sum(text.startswith("✓ Right.") for text in replies) == 1
    assert all(len(text) > 30 for text in replies) and len(set(replies)) == len(replies)
    page.reload()
    assert question.locator(".course-reply").inner_text() == replies[-1]
    where = open_page("where_am_i", context=page.context)
    row = where.locator(f"tr[data-lesson='{lesson.number}']")
    assert "✓ opened" in row.inner_text() and "1 of" in row.inner_text()
    where.locator("#course-reset").click()
    assert "not yet" in row.inner_text() and "0 of" in row.inner_text()


@needs_browser
def test_a_browser_that_remembers_nothing_answers_all_the_same(open_page):
    page = open_page("index")
    page.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
    )
    lesson = open_page(SEEN[-1].notebook.stem, context=page.context)
    lesson.watched.errors.clear()  # the theme's own, which remembers light and dark
    question = lesson.locator(".course-question").first
    question.locator("label").first.click()
    assert question.locator(".course-reply").inner_text()


@needs_browser
def test_without_a_script_everything_can_be_read(open_page):
    page = open_page(SEEN[-1].notebook.stem, script=False)
    assert page.locator(".course-explore img").first.is_visible()
    assert page.locator(".course-question details").first.is_visible()
    assert page.locator(".course-controls").count() == 0


@needs_browser
def test_the_search_finds_and_quotes_without_a_server(open_page):
    lesson = SEEN[-1]
    text = prose(notebooks.read_notebook(lesson.notebook))
    own = [term for term in read_terms() if term.lesson == lesson.number]
    term = next(term for term in own if words_pattern([term.name]).search(text))
    page = open_page("index")
    assert not any("searchtexts" in url for url in page.watched.asked)
    page.keyboard.press("Control+k")
    field = page.locator("input[type=search]:visible").first
    field.fill(term.name)
    field.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    found = page.locator(f"#search-results li:has(> a[href^='{lesson.number}_'])")
    excerpt = found.locator(".context").filter(has=page.locator("mark")).first
    excerpt.wait_for()
    assert 60 < len(excerpt.inner_text()) < 500
    assert excerpt.locator("mark").first.inner_text().lower() in term.name.lower()
    for scheme in ("light", "dark"):
        in_colors(page, scheme)
        assert violations(page) == []
    found.locator("a").first.click()
    page.wait_for_url(f"**/{lesson.notebook.stem}.html*")


@needs_browser
@pytest.mark.skipif(bool(NAMED), reason="looks for words of lessons 13 and 24")
def test_an_excerpt_is_where_the_words_stand_together(open_page):
    page = open_page("index")
    address = page.url.replace("index.html", "search.html?q=")
    for query, number, words, section in (
        (
            "SHUFFLE%20test",
            13,
            "Deal the targets out",
            "break-and-fix-a-score-too-good",
        ),
        # in other forms than in the text
        ("charging%20quantiles", 24, "charges 0.9", "going-further-a-loss-of-your-own"),
    ):
        page.goto(address + query)
        excerpt = page.locator(
            f"#search-results li:has(> a[href^='{number}_']) .context"
        )
        excerpt.wait_for()
        assert words in excerpt.inner_text()
        assert excerpt.locator("a").get_attribute("href").endswith(f"#{section}")
    page.goto(address + "a%2B(%5B%20%3Cb%3E")  # signs are no words, nor patterns
    page.wait_for_function("document.querySelector('.search-summary')?.innerText")


@needs_browser
def test_terms_lead_to_the_glossary_and_back(open_page):
    lesson = SEEN[-1]
    page = open_page(lesson.notebook.stem)
    page.locator("a.course-term").first.click()
    page.wait_for_url("**/glossary.html#term-*")
    term = next(term for term in read_terms() if term.lesson == lesson.number)
    page.locator(f"#{term.slug} a").click()
    page.wait_for_url(f"**/{lesson.notebook.stem}.html#{term.slug}")
    assert term.introduction.search(page.locator(f"#{term.slug}").inner_text())


@needs_browser
def test_a_lesson_prints(open_page):
    page = open_page(SEEN[-1].notebook.stem)
    pdf = page.pdf()
    assert pdf.startswith(b"%PDF") and len(pdf) > 50_000
    page.emulate_media(media="print")
    assert not page.locator(".bd-sidebar-primary").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".bd-article details:not([open])").count() == 0
