"""The course's commands: ``python -m dlcourse --help``."""

from __future__ import annotations

import errno
import getpass
import importlib.util
import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

try:
    import click
except ModuleNotFoundError as missing:
    sys.exit(
        f"The package {missing.name} is missing: run  python -m pip install -r"
        " requirements.txt -c constraints.txt -e .  in the course's folder."
    )

from ..errors import CourseError, one_of
from ..session import DEVICES, PROFILES, valid_seed
from . import catalog


class Commands(click.Group):
    """Turn a CourseError, or a missing package, into one sentence and exit code 1."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except CourseError as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            if error.errno in (None, errno.EPIPE):  # the reader of a pipe has gone
                raise
            raise click.ClickException(_disk_trouble(error)) from None
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"The package {error.name} is missing: run  python -m pip install -r"
                " requirements.txt -c constraints.txt  and try again."
            ) from None


def require_home():
    """Raise a CourseError for an account without a home folder: Jupyter asks for one."""
    try:
        Path.home()
    except RuntimeError:  # no HOME, and an account that the system does not know
        raise CourseError(
            "This account has no home folder: set HOME to a folder that it can write to."
        ) from None


def _disk_trouble(error):
    """Return one sentence on a file that could not be read or written."""
    if error.errno == errno.ENOENT and error.filename:
        return f"{error.filename} is not there: restore it, or name another."
    remedy = {
        errno.ENOSPC: "make room, or choose another place",
        errno.EDQUOT: "make room, or choose another place",
    }.get(error.errno, "choose another place, or mend that one")
    where = f" {error.filename}" if error.filename else ""
    return f"Cannot read or write{where} ({error.strerror}): {remedy}."


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context):
    """A hands-on deep-learning course in notebooks."""
    if context.invoked_subcommand != "doctor":  # it goes on whatever is amiss
        require_home()


lessons_argument = click.argument("lessons", nargs=-1)


def select(root, words):
    """Return the lessons that the words name, all of them for no words."""
    everything = catalog.read_lessons(root)
    if not words:
        return everything
    chosen = catalog.parse_lessons(
        " ".join(words), [lesson.number for lesson in everything]
    )
    return [lesson for lesson in everything if lesson.number in chosen]


@main.command()
@click.option(
    "--port", type=int, help="Port; by default the first free one from 8888 on."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.argument("extra", nargs=-1, type=click.UNPROCESSED)
def lab(port, no_browser, extra):
    """Open the course in JupyterLab. What follows -- goes to JupyterLab.

    Without a checkout around, the notebooks that the package holds are copied into the
    folder notebooks here; what is there already is kept.
    """
    from . import packaged

    if trouble := port is not None and _port_trouble(port):
        raise CourseError(f"{trouble}: choose another, or leave --port out.")
    if importlib.util.find_spec("jupyterlab") is None:
        raise ModuleNotFoundError(name="jupyterlab")
    try:
        root = catalog.find_root()
        notebooks = root / "notebooks"
    except CourseError:
        root = Path.cwd()
        notebooks, copied = packaged.bring_notebooks(root)
        if copied:
            click.echo(f"{len(copied)} files of the course are new in {notebooks}.")
    _check_jupyter_folder()
    command = [
        sys.executable,
        "-P",  # or a random.py in this folder would stop it
        "-m",
        "jupyterlab",
        str(notebooks / packaged.FIRST),
    ]
    command += [f"--ServerApp.root_dir={root}"]
    command += [f"--port={port}"] if port is not None else []
    command += ["--no-browser"] if no_browser else []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command += ["--allow-root"]
        click.echo(
            "You are root: JupyterLab starts with --allow-root, so whoever gets into it can"
            " do everything on this machine."
        )
    # .jupyter/ switches off the "official news" question, which covers the first lesson.
    folders = [
        str(packaged.settings_folder(root)),
        os.environ.get("JUPYTER_CONFIG_PATH"),
    ]
    kernels = [
        str(Path(sys.prefix) / "share" / "jupyter"), os.environ.get("JUPYTER_PATH"),
    ]  # fmt: skip
    environment = {
        **os.environ,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, folders)),
        # or another environment's kernel of the same name would go before ours
        "JUPYTER_PATH": os.pathsep.join(filter(None, kernels)),
    }
    if "error" in environment.get("PYTHONWARNINGS", ""):
        del environment["PYTHONWARNINGS"]
        click.echo("PYTHONWARNINGS is left out: a warning would stop JupyterLab.")
    become([*command, *extra], environment)


def _check_jupyter_folder():
    """Raise a CourseError if Jupyter cannot write where it keeps its run-time files."""
    try:
        from jupyter_core.paths import jupyter_runtime_dir
    except ModuleNotFoundError:
        raise ModuleNotFoundError(name="jupyterlab") from None
    folder = Path(jupyter_runtime_dir())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise CourseError(
            f"Jupyter cannot write its folder {folder}: set JUPYTER_DATA_DIR (or"
            " JUPYTER_RUNTIME_DIR) to a folder of yours, or unset it."
        )


def become(command, environment):
    """Run a program in this one's place, so that Ctrl-C is the program's affair alone.

    JupyterLab asks whether to stop, and shuts its kernels down.
    """
    if os.name == "posix":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(command[0], command, environment)
    # Windows has no exec that keeps the console: wait, and leave the interrupt to it.
    program = subprocess.Popen(command, env=environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(program.wait())


def _port_trouble(port):
    """Return why JupyterLab could not listen on a port, or None."""
    if not 0 <= port <= 65535:
        return f"{port} is not a port (they go up to 65535)"
    with socket.socket() as probe:
        if os.name == "posix":  # or a port that was just left counts as taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        elif hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # there REUSEADDR shares ports
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            if os.name == "posix":
                return f"You may not use port {port}"
            return f"Port {port} is in use or reserved"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} is in use"
            return f"Port {port} cannot be used ({error.strerror})"
    return None


@main.command()
@lessons_argument
@click.option(
    "--profile", default="quick", envvar="DLCOURSE_PROFILE", show_default=True,
    help="quick or full.",
)  # fmt: skip
@click.option(
    "--seeds", default="0", envvar="DLCOURSE_SEED", show_default=True,
    help="For example 0,1,2 or 0-4.",
)  # fmt: skip
@click.option(
    "--device", default="auto", envvar="DLCOURSE_DEVICE", show_default=True,
    help="auto, cpu or gpu.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), help="Lessons at a time; by default 2.")
@click.option(
    "--output", default="runs", show_default=True, help="Folder for copies and reports."
)
@click.option("--fresh", is_flag=True, help="Run again what is already green.")
def run(lessons, profile, seeds, device, jobs, output, fresh):
    """Run lessons end to end and report. LESSONS: 31, 3x, 31-43; none means all."""
    from .records import report_path
    from .run import run_course

    root = catalog.find_root()
    one_of("profile", profile, PROFILES)
    one_of("device", device, DEVICES)
    chosen, numbers = select(root, lessons), parse_seeds(seeds)
    folder = Path(output)
    try:
        records = run_course(
            root, chosen, profile=profile, seeds=numbers, device=device, folder=folder,
            jobs=jobs or min(2, os.cpu_count() or 1), fresh=fresh,
        )  # fmt: skip
    except KeyboardInterrupt:
        click.echo(
            "\nInterrupted: what is green is kept; the same command goes on from here."
        )
        sys.exit(130)
    counts = {status: 0 for status in ("green", "failed", "claim failed", "skipped")}
    for record in records:
        counts[record.status] += 1
    kept = sum(record.resumed for record in records)
    click.echo(
        ", ".join(f"{n} {status}" for status, n in counts.items() if n)
        + (f" ({kept} from an earlier run)" if kept else "")
        + f"; report: {report_path(folder, profile, 'html')}"
    )
    sys.exit(bool(counts["failed"] or counts["claim failed"]))


def parse_seeds(text):
    """Return the seeds in ``"0,1,5"`` or ``"0-4"``."""
    seeds = []
    for word in str(text).replace(",", " ").split():
        low, dash, high = word.partition("-")
        low = valid_seed(low)
        seeds += range(low, valid_seed(high) + 1) if dash else [low]
    if not seeds:
        raise CourseError(
            f"No seed in {text!r}: give one, or several such as 0,1,2 or 0-4."
        )
    return list(dict.fromkeys(seeds))


@main.command()
@click.argument("number")
@click.argument("title", nargs=-1, required=True)
def new(number, title):
    """Write the files of a new lesson, which runs and passes its tests as it stands.

    For example: new 71 "Autoencoders". CONTRIBUTING.md says how to go on.
    """
    from .new import write_lesson

    root = catalog.find_root()
    for path in write_lesson(root, number, " ".join(title)):
        click.echo(path.relative_to(root).as_posix())
    click.echo(
        'They run as they are: look for "Write here" in them and write your lesson.\n'
        f"  make notebooks ARGS={number}    builds the notebook\n"
        f"  make test ARGS={number}         tests this lesson in every way"
    )


@main.command()
@lessons_argument
@click.option("--force", is_flag=True, help="Execute again even what has not changed.")
@click.option(
    "--check", is_flag=True, help="Change nothing; exit 1 if something is stale."
)
def notebooks(lessons, force, check):
    """Build notebooks/*.ipynb from notebooks/src: only what changed."""
    from .notebooks import build, is_current, skeleton
    from .stamps import stamp

    root = catalog.find_root()
    if check:
        stale = [x.notebook.name for x in select(root, lessons) if not is_current(x)]
        if stale:
            raise CourseError(
                f"Out of step with its script: {', '.join(stale)}; run  make notebooks."
            )
        return
    chosen = select(root, lessons)
    for path in stamp(root, chosen):
        click.echo(f"{path.relative_to(root)}: header, badges, tables")
    for lesson in chosen:
        click.echo(f"{lesson.notebook.name}: ", nl=False)
        done = build(lesson, force)
        core, further = catalog.reading_minutes(skeleton(lesson))
        click.echo(f"{done} ({core} + {further} minutes by count)")


@main.command()
@lessons_argument
@click.option(
    "--output", default="student", show_default=True, help="Folder for the copies."
)
def student(lessons, output):
    """Write copies without solutions and outputs, for a class."""
    from .notebooks import student_copies

    for path in student_copies(select(catalog.find_root(), lessons), output):
        click.echo(path)


@main.command()
@lessons_argument
@click.option(
    "--output", default="slides", show_default=True, help="Folder for the decks."
)
def slides(lessons, output):
    """Write one deck of slides per lesson, to be opened in a browser."""
    from .slides import write_decks

    for path in write_decks(select(catalog.find_root(), lessons), output):
        click.echo(path)


@main.command()
@lessons_argument
def frames(lessons):
    """Execute lessons for the frames of their figures, which the site shows."""
    from .notebooks import draw_frames

    for lesson in select(catalog.find_root(), lessons):
        paths, differing = draw_frames(lesson)
        for path in paths:
            click.echo(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")
        if differing:
            click.echo(f"{lesson.number}: {differing} cells say something else now.")


@main.command()
@lessons_argument
@click.option(
    "--output", default="site", show_default=True, help="Folder for the pages."
)
@click.option("--fresh", is_flag=True, help="Build every page anew.")
def site(lessons, output, fresh):
    """Build the course as a static site, from the stored notebooks."""
    from .site import build

    needed = ("sphinx", "myst_nb", "sphinx_book_theme", "latex2mathml")
    if not all(map(importlib.util.find_spec, needed)):
        raise CourseError(
            "The site needs more packages: run  python -m pip install -c constraints.txt"
            ' -e ".[site]"  in the course\'s folder.'
        )
    root = catalog.find_root()
    chosen = select(root, lessons)
    if fresh:
        build.forget(root, output)
    begun = time.monotonic()
    front, warnings = build.build_site(root, chosen, output)
    for line in warnings:
        click.echo(line, err=True)
    seconds = time.monotonic() - begun
    click.echo(
        f"{front}: {len(chosen)} lessons, {seconds:.0f} s; open it in a browser."
    )
    sys.exit(bool(warnings))


@main.command()
@click.option(
    "--output", default="bundle", show_default=True, help="Folder for the archive."
)
def bundle(output):
    """Write one archive that installs and runs the course on machines with no network."""
    import tomllib

    from .bundle import write_bundle

    root = catalog.find_root()
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    click.echo("Fetching the packages (some minutes, about 1 GB) ...")
    path = write_bundle(root, output, project["project"]["version"])
    click.echo(f"{path}: {path.stat().st_size / 1e9:.2f} GB")
    click.echo(
        "There: unpack it, go into its folder, run  make lab  (needs Python, make)."
    )


@main.command()
def doctor():
    """Check Python, packages, backend, memory, disk, data and network."""
    from ..doctor import examine

    findings = examine()
    for finding in findings:
        mark = {"ok": "✓", "note": "•", "trouble": "✗"}[finding.state]
        click.echo(f"{mark} {finding.name}: {finding.detail}")
        if finding.remedy:
            click.echo(f"    → {finding.remedy}")
    troubles = sum(finding.state == "trouble" for finding in findings)
    click.echo(
        f"{troubles} to mend before the course runs."
        if troubles
        else "The course can run."
    )
    sys.exit(bool(troubles))


@main.command()
@click.argument("files", nargs=-1)
@click.option(
    "--export", "target", help="Write your results to a file, for an instructor."
)
@click.option("--name", default="", help="The name to export them under.")
@click.option(
    "--output", help="With FILES: write the table here instead of printing it."
)
def progress(files, target, name, output):
    """Show what is done and what comes next; FILES, exported by learners, make one table."""
    from .. import journal
    from . import progress as mine

    items = mine.course_items()
    if files:
        text = io.StringIO()
        unusable = mine.merge(files, text, items)
        if output:
            _write_text(Path(output), text.getvalue())
        else:
            click.echo(text.getvalue(), nl=False)
        for path in unusable:
            click.echo(
                f"✗ {path} is not an exported progress file: left out.", err=True
            )
        sys.exit(bool(unusable))
    best = journal.read(journal.file())
    if target:
        mine.export(Path(target), name or _user(), best)
        click.echo(f"Written to {target}.")
        return
    for line in mine.table(best, items):
        click.echo(line)
    click.echo("✓ right, s right in a solution cell, ✗ tried, · open")
    upcoming = mine.next_step(best, items)
    click.echo(f"Next: {upcoming}." if upcoming else "Everything is done. Well done!")


def _user():
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        raise CourseError(
            "This account has no name: give one with --name, for your instructor."
        ) from None


def _write_text(path, text):
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CourseError(
            f"Cannot write {path} ({error.strerror}): choose another file with --output."
        ) from None


@main.command()
@click.argument("names", nargs=-1)
@click.option(
    "--check", is_flag=True,
    help="Fetch everything from every mirror, keep nothing; exit 1 if one has failed.",
)  # fmt: skip
def data(names, check):
    """List the downloadable data sets, or download those NAMES (or all)."""
    from .. import datasets

    if check:
        _check_mirrors(names)
    for name in datasets.REGISTRY if names == ("all",) else names:
        datasets.fetch(name)
    click.echo(f"in {datasets.data_folder()}:")
    for name, remote in datasets.REGISTRY.items():
        mark = "✓" if datasets.is_complete(name) else "○"
        click.echo(
            f"{mark} {name}: {remote.title}, {remote.megabytes:g} MB, {remote.license}"
        )


def _check_mirrors(names):
    """Print a line per mirror of the data sets, and end."""
    from .. import datasets
    from . import links

    chosen = [one_of("data set", name, tuple(datasets.REGISTRY)) for name in names
              if name != "all"]  # fmt: skip
    registry = {name: datasets.REGISTRY[name] for name in chosen or datasets.REGISTRY}
    failed = 0
    for name, host, size, troubles in links.check(registry, datasets.TIMEOUT):
        failed += bool(troubles)
        mark, said = "✗" if troubles else "✓", [f"{size:.1f} MB", *troubles]
        click.echo(f"{mark} {name} at {host}: {'; '.join(said)}")
    click.echo(f"{failed} mirrors to mend" if failed else "Every mirror is well.")
    sys.exit(failed > 0)


@main.command()
@click.option(
    "--from",
    "source",
    help="A git address, a folder or an archive; by default the course's own address.",
)
def update(source):
    """Bring new lessons; a notebook that you changed is kept, the new one lands beside."""
    from .update import update_course

    root = catalog.find_root()
    name, branch = catalog.repository(root)
    source = source or f"https://github.com/{name}.git"
    done = update_course(root, source, branch)
    for word in ("added", "replaced", "removed"):
        for path in getattr(done, word):
            click.echo(f"{word}: {path.as_posix()}")
    for path, beside in done.kept:
        click.echo(f"kept yours: {path.as_posix()}; the new one is {beside}, beside it")
    if not done:
        click.echo("Everything is up to date.")
    if any(path.name == "requirements.txt" for path in (*done.added, *done.replaced)):
        click.echo(
            "The packages changed: run  make install  (or the pip line of the README)."
        )


@main.command()
@click.argument("url", required=False)
def address(url):
    """Rewrite badges and set-up cells; with a URL, publish the course under it."""
    from .stamps import stamp

    root = catalog.find_root()
    if url:
        catalog.set_address(root, url)
    for path in stamp(root):
        click.echo(path.relative_to(root))
    click.echo("Now run  make notebooks  to carry it into the notebooks.")


@main.command()
@click.option(
    "--stamp", is_flag=True, help="Write into RESULTS.md, and run times into headers."
)
@click.option(
    "--rounds", default=3, show_default=True, help="Rounds; medians are printed."
)
@click.option(
    "--from",
    "report",
    help="Take the lessons' figures from this report.quick.json of run.",
)
@click.option(
    "--only", multiple=True, help="A part; again for more: imports, lessons, mnist, ..."
)
def bench(stamp, rounds, report, only):
    """Measure start-up and every lesson, and the course against well-known tutorials."""
    from . import bench as measurements

    parts = (*measurements.PARTS, "install")
    unknown = set(only) - set(parts)
    if unknown:
        raise click.BadParameter(
            f"no part is called {min(unknown)!r}: take one of {', '.join(parts)}."
        )
    if "install" in only:  # only if asked for: it fetches every package, twice
        from . import fresh

        waits = fresh.measure(catalog.find_root(), rounds)
        click.echo(fresh.table(waits))
        if stamp:
            fresh.stamp(catalog.find_root(), waits)
        only = [part for part in only if part != "install"]
        if not only:
            return
    measurements.main(
        catalog.find_root(), rounds=rounds, stamp=stamp, report=report,
        only=only or measurements.PARTS,
    )  # fmt: skip


@main.command()
@click.argument("report", default="runs/report.full.json")
def results(report):
    """Write RESULTS.md's part on the real data from REPORT, of a run in full."""
    from .report import write_full

    write_full(catalog.find_root(), report)
    click.echo("RESULTS.md: the part on the real data sets is new.")


@main.command()
@click.argument("report", default="runs/report.quick.json")
def claims(report):
    """Say what the claims' bounds are worth, by a REPORT of a run over ten seeds.

    Each bound stands beside the mean of the seeds' values and four standard deviations;
    one that lies nearer to the mean is marked, and the exit code is then 1.
    """
    from .records import read_report
    from .report import claims_by_seed

    lines, near = claims_by_seed(read_report(report))
    click.echo("\n".join(lines))
    click.echo(f"{len(lines)} claims with bounds, {near} nearer than four deviations")
    sys.exit(near > 0)
