"""Make the course's environment and install the packages: what ``make install`` runs.

It runs before anything is installed, on whatever Python there is: it needs the standard
library alone, imports nothing of the course, and an old Python must be able to read it.
uv installs where it can be had, and pip where not; a user's settings for pip count for
both.
"""

import argparse
import ast
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys

PROJECT = "pyproject.toml"
# pip's settings that uv takes from the environment, and under which name
FOR_UV = {
    "index-url": ("UV_DEFAULT_INDEX",),
    "extra-index-url": ("UV_INDEX",),
    "find-links": ("UV_FIND_LINKS",),
    "no-index": ("UV_NO_INDEX",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "cert": ("SSL_CERT_FILE",),
    "client-cert": ("SSL_CLIENT_CERT",),
    "proxy": ("HTTPS_PROXY", "HTTP_PROXY"),
    "timeout": ("UV_HTTP_TIMEOUT",),
    "default-timeout": ("UV_HTTP_TIMEOUT",),
    "retries": ("UV_HTTP_RETRIES",),
    "pre": ("UV_PRERELEASE",),
    "no-cache-dir": ("UV_NO_CACHE",),
    "cache-dir": ("UV_CACHE_DIR",),
}
# settings that change nothing for an environment of its own, or only what pip prints
WITHOUT_EFFECT = {
    "break-system-packages", "debug", "disable-pip-version-check",
    "exists-action", "log", "no-color", "no-compile", "no-input",
    "no-python-version-warning", "no-warn-conflicts", "no-warn-script-location",
    "progress-bar", "quiet", "require-virtualenv", "root-user-action", "upgrade",
    "upgrade-strategy", "verbose",
}  # fmt: skip
# settings that would put the packages elsewhere than into the environment
ELSEWHERE = {"user", "target", "prefix", "root", "python", "dry-run"}
INDEXES = {"index-url", "extra-index-url", "find-links"}
NO = ("", "0", "no", "n", "f", "false", "off")
NETWORK = re.compile(
    "Failed to establish a new connection|NewConnectionError|ConnectTimeout|ReadTimeout"
    "|[Rr]ead timed out|Max retries exceeded|ProxyError|SSLError|SSLCertVerification"
    "|CERTIFICATE_VERIFY_FAILED|[Nn]ame resolution|Name or service not known"
    "|connection broken by|Connection reset|Network is unreachable"
    "|dns error|tcp connect error|error sending request|invalid peer certificate"
    "|operation timed out"
)
UNSATISFIABLE = re.compile("No solution found|requirements are unsatisfiable")
NO_ROOM = re.compile("No space left|not enough space|Permission denied|Read-only file")


WANTED = {"test,site": "what the tests need", "site": "what the site needs"}


def main(words=None):
    parser = argparse.ArgumentParser(description="Install the course into --venv.")
    parser.add_argument("--venv", default=".venv")
    parser.add_argument(
        "--installer", default="", help="uv or pip; by default the best"
    )
    parser.add_argument("--extra", default="", help="extras of pyproject.toml")
    parser.add_argument("--goal", default="", help="what make was asked for")
    options = parser.parse_args(words)
    if options.installer not in ("", "uv", "pip"):
        stop(f"INSTALLER is uv or pip, not {options.installer}.")
    check_version(sys.version_info[:2], options.goal)
    check_machine(sys.platform, platform.machine())
    try:
        install_course(options)
    except KeyboardInterrupt:
        print("\nInterrupted: the same command goes on where it stopped.")
        sys.exit(130)


def stop(sentence):
    print(sentence, flush=True)
    sys.exit(1)


def supported():
    """Return the versions of Python that the course was tested with, such as (3, 11)."""
    with open(PROJECT, encoding="utf-8") as file:
        found = re.findall(
            r'"Programming Language :: Python :: (\d+)\.(\d+)"', file.read()
        )
    return sorted((int(major), int(minor)) for major, minor in found)


def check_version(version, goal=""):
    """Stop with a sentence if the course cannot be installed on this Python."""
    versions = supported()
    if version in versions:
        return
    names = ["{}.{}".format(*pair) for pair in versions]
    listed = "{} or {}".format(", ".join(names[:-1]), names[-1])
    ours = "{}.{}".format(*version)
    if version < versions[0]:
        wrong = f"needs Python {names[0]} or newer, and {sys.executable} is {ours}"
    else:
        wrong = f"cannot be installed on Python {ours} yet: TensorFlow has no package for it"
    goal = " " + goal if goal else ""
    stop(
        f"This course {wrong}: install Python {listed}, then run  make PYTHON=python{names[-2]}{goal}"
    )


def check_machine(system, processor):
    """Stop with a sentence on a Mac for whose processor TensorFlow has no package."""
    if system == "darwin" and processor == "x86_64":
        stop(
            "TensorFlow has no package for Macs with an Intel processor: on a newer Mac"
            " install a Python for Apple silicon (arm64) and name it with  make PYTHON=...;"
            " on an Intel Mac open the lessons in Colab or in a Codespace."
        )


def install_course(options):
    """Make the environment where it is not, and install the course into it."""
    venv = options.venv
    python = make_environment(venv, options.goal)
    settings = pip_settings(python)
    offline = bool(wheels())
    uv, why = find_uv(options.installer, python, settings, offline)
    extra = f"[{options.extra}]" if options.extra else ""
    packages = ["-r", "requirements.txt", "-c", "constraints.txt", "-e", "." + extra]
    if offline:  # an unpacked bundle brings its packages along
        packages = ["--no-index", "--find-links", "wheels"] + packages
    if uv and not has_pip(python):  # which the course's remedies name
        packages.append("pip")
    if why:
        print(why, flush=True)
    what = WANTED.get(options.extra, "what is missing") if extra else "the course"
    size = "" if extra else " (once; about 3 GB on disk)"
    print(
        "Installing {} into {} with {}{} ...".format(
            what, venv, "uv" if uv else "pip", size
        ),
        flush=True,
    )
    if uv:
        said = run_uv(uv, python, packages, settings, offline)
        if said is None:
            return
        if (
            UNSATISFIABLE.search(said)
            or NO_ROOM.search(said)
            or options.installer == "uv"
        ):
            fail(said)
        print(
            "uv failed for the reason above: pip tries, which takes longer.", flush=True
        )
        add_pip(python)
    command = pip(python) + ["install", "--quiet"] + packages
    said = run(command, pip_environment(settings))
    if said is not None:
        fail(said)


def install_packages(python, packages):
    """Install packages into another environment; return what went wrong, or None.

    uv does it where it can be had, since it is faster, and pip where not.
    """
    settings = pip_settings(python)
    uv, _ = find_uv("", python, settings, offline=False)
    if uv and run_uv(uv, python, packages, settings, offline=False) is None:
        return None
    command = pip(python) + ["install", "--quiet"] + packages
    return run(command, pip_environment(settings))


def fail(said):
    """Stop with a sentence that blames the network only if the network failed."""
    if NETWORK.search(said) and not NO_ROOM.search(said):
        stop(
            "Installation failed for lack of a network connection that works: check the"
            " network (and the proxy), then run the same command again; it goes on where"
            " it stopped."
        )
    stop(
        "Installation failed for the reason above: mend it, then run the same command"
        " again; it goes on where it stopped."
    )


def wheels():
    """Return the names of the packages that an unpacked bundle brings along."""
    names = os.listdir("wheels") if os.path.isdir("wheels") else []
    return [name for name in names if name.endswith(".whl")]


def run(command, environment):
    """Run a command, show what it says, and return that if it failed; else None."""
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = []
    try:
        for line in process.stdout:
            said.append(line.decode("utf-8", "replace"))
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
    finally:  # after an interrupt, too, it may have files to put away
        code = process.wait()
    return "".join(said) or "no message" if code else None


# ---- the environment ------------------------------------------------------------------


def clean_environment(**more):
    """Return the environment variables without those that would lead Python astray.

    PIP_USER would put packages elsewhere, and limit what pip tells of its settings.
    """
    astray = (
        "PIP_USER", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS",
        "PYTHONUSERBASE", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV", "CONDA_PREFIX",
    )  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    kept.update(more)
    return kept


def python_of(venv):
    folder = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(venv, *folder)


def make_environment(venv, goal):
    """Return the environment's Python; make the environment first where there is none."""
    python = python_of(venv)
    if not os.access(python, os.X_OK):
        if importlib.util.find_spec("ensurepip"):
            command = [sys.executable, "-m", "venv", venv]
        elif shutil.which("uv"):
            command = ["uv", "venv", "--quiet", "--allow-existing", "--seed",
                       "--python", sys.executable, venv]  # fmt: skip
        else:
            stop(
                "This Python lacks ensurepip, so it can make no environment with pip: on"
                " Debian and Ubuntu run  sudo apt install python3-venv  and try again;"
                " elsewhere install uv, or another Python and name it with PYTHON=..."
            )
        if run(command, clean_environment()) is not None:
            stop(
                f"Could not create {venv} for the reason above: mend it and try again."
            )
    show = "import sys; print(*sys.version_info[:2])"
    found = output([python, "-c", show])
    if not found:
        stop(f"{python} does not run: remove the folder {venv} and try again.")
    version = tuple(map(int, found.split()))
    if version not in supported():
        stop(
            f"{venv} holds Python {version[0]}.{version[1]}, which the course cannot use:"
            f" remove that folder, then run  make {goal or 'install'}  again."
        )
    return python


def output(command):
    """Return what a command prints; nothing if it fails."""
    try:
        done = subprocess.run(
            command,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def pip(python):
    return [python, "-m", "pip", "--disable-pip-version-check"]


def has_pip(python):
    return bool(output([python, "-c", "import pip; print(pip.__version__)"]))


def add_pip(python):
    """Put pip into an environment that has none, as uv makes them; stop if it cannot be."""
    if has_pip(python):
        return
    command = [python, "-m", "ensurepip", "--upgrade", "--default-pip"]
    if not output(command):
        stop(
            f"The environment of {python} has no pip, and its Python lacks ensurepip: on Debian and"
            " Ubuntu run  sudo apt install python3-venv,  remove the environment's folder and"
            " try again."
        )


# ---- what the user has set up for pip -------------------------------------------------


def pip_settings(python):
    """Return ``{option: value}`` of pip's settings for an installation.

    They come from pip itself, which knows its files: what is for all commands first, then
    what is for ``install``, then the PIP_ variables.
    """
    found = [{}, {}, {}]
    for line in output(pip(python) + ["config", "list"]).splitlines():
        parts = re.match(r"(global|install)\.([\w-]+)=(.*)$", line.strip())
        if parts:
            order = ("global", "install").index(parts.group(1))
            found[order][parts.group(2)] = str(ast.literal_eval(parts.group(3)))
    for name, value in os.environ.items():
        if name.startswith("PIP_"):
            found[2][name[4:].lower().replace("_", "-")] = value
    settings = {}
    for source in found:
        settings.update({name: value for name, value in source.items() if value})
    settings.pop("config-file", None)
    return settings


def pip_environment(settings):
    """Return the environment variables for pip.

    Settings that would put the packages elsewhere are left out: the others then come as
    variables instead of from pip's files.
    """
    if not ELSEWHERE & set(settings):
        return clean_environment()
    environment = clean_environment(PIP_CONFIG_FILE=os.devnull)
    for name in ELSEWHERE:
        environment.pop("PIP_" + name.upper().replace("-", "_"), None)
    for name, value in settings.items():
        if name not in ELSEWHERE:
            environment["PIP_" + name.upper().replace("-", "_")] = " ".join(
                value.split()
            )
    return environment


def unknown_to_uv(settings):
    """Return the names of the settings that uv has no word for."""
    known = WITHOUT_EFFECT | ELSEWHERE | {"constraint"} | set(FOR_UV)
    return sorted(
        name
        for name, value in settings.items()
        if name not in known and value.lower() not in NO
    )


def uv_environment(settings, offline=False):
    """Return the environment variables that tell uv what pip's settings say.

    What the user has set for uv itself goes before.
    """
    environment = {
        "UV_SYSTEM_CERTS": "1",  # pip trusts the system's certificates
        "UV_NATIVE_TLS": "1",  # as older versions of uv call it
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # pip takes the best of all indexes
    }
    for name, value in settings.items():
        if name not in FOR_UV or (offline and name in INDEXES):
            continue
        if name in ("no-index", "pre", "no-cache-dir"):
            if value.lower() in NO:
                continue
            value = "allow" if name == "pre" else "1"
        elif name == "find-links":
            value = ",".join(value.split())
        elif FOR_UV[name] == ("UV_HTTP_TIMEOUT",):
            value = str(round(float(value)))
        elif name == "proxy" and "://" not in value:
            value = f"http://{value}"
        elif name == "cache-dir":
            value = os.path.join(os.path.expanduser(value), "uv")
        else:
            value = " ".join(value.split())
        for variable in FOR_UV[name]:
            environment[variable] = value
    own = clean_environment()
    own.pop("UV_SYSTEM_PYTHON", None)
    for name in ("SSL_CERT_FILE", "HTTPS_PROXY", "HTTP_PROXY"):  # there pip's go before
        if name in environment:
            own[name] = environment[name]
    if "UV_INDEX_URL" in own:  # its older name
        environment.pop("UV_DEFAULT_INDEX", None)
    environment.update(own)
    return environment


# ---- uv -------------------------------------------------------------------------------


def find_uv(wanted, python, settings, offline):
    """Return ``(command of uv or None, a sentence on why pip installs or "")``.

    Where there is no uv it is installed into the environment, with pip.
    """
    if wanted == "pip":
        add_pip(python)
        return None, ""
    unknown = unknown_to_uv(settings)
    if unknown and wanted != "uv":
        add_pip(python)
        return (
            None,
            "pip is set up with {}, which uv does not know: pip installs.".format(
                ", ".join(unknown)
            ),
        )
    inside = os.path.join(
        os.path.dirname(python), "uv.exe" if os.name == "nt" else "uv"
    )
    for uv in (shutil.which("uv"), inside):
        if uv and output([uv, "--version"]):
            return uv, ""
    add_pip(python)
    command = pip(python) + ["install", "--quiet", "-c", "constraints.txt"]
    command += ["--no-index", "--find-links", "wheels"] if offline else []
    environment = pip_environment(settings)
    done = subprocess.run(
        command + ["uv"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode == 0 and output([inside, "--version"]):
        return inside, ""
    said = done.stdout.decode("utf-8", "replace")
    if NETWORK.search(said) and not offline:  # pip would wait for the same
        print(said)
        fail(said)
    if wanted == "uv":
        print(said)
        stop(
            "uv could not be installed for the reason above: install it, or leave it to pip."
        )
    return None, "uv is not to be had here: pip installs, which takes longer."


def run_uv(uv, python, packages, settings, offline):
    """Install with uv; return what it said if it failed, else None."""
    command = [uv, "pip", "install", "--quiet", "--python", python] + packages
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        # as pip does always; or every start would compile TensorFlow anew
        command.append("--compile-bytecode")
    for file in settings.get("constraint", "").split():
        command += ["-c", file]
    return run(command, uv_environment(settings, offline))


if __name__ == "__main__":
    main()
