"""What ``make install`` runs: uv or pip, the user's settings, and no false cause."""

import base64
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pip
import pytest
from conftest import ROOT

from dlcourse import doctor
from dlcourse.tools import install

SCRIPT = ROOT / "dlcourse" / "tools" / "install.py"
FILES = ("Makefile", "requirements.txt", "constraints.txt", "pyproject.toml")
needs_make = pytest.mark.skipif(
    os.name != "posix" or not shutil.which("make"), reason="make is not installed"
)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    """Keep the tester's pip and uv settings out."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    (tmp_path / "pip.conf").write_text("")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.chdir(ROOT)


@pytest.fixture
def course(tmp_path):
    """What make needs of the course, and room for programs that stand in for others."""
    folder = tmp_path / "course"
    (folder / "dlcourse" / "tools").mkdir(parents=True)
    for file in FILES:
        shutil.copy(ROOT / file, folder)
    shutil.copy(SCRIPT, folder / "dlcourse" / "tools")
    (folder / "programs").mkdir()
    return folder


def program(course, name, text):
    path = course / "programs" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def make(course, *words, python=sys.executable, **environment):
    path = f"{course / 'programs'}{os.pathsep}{os.environ['PATH']}"
    ours = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")  # of the make that runs the tests
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        ["make", "install", f"PYTHON={python}", *words], cwd=course,
        env={**kept, "PATH": path, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout


def bare_environment(course):
    """An environment without pip, made in a moment."""
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", course / ".venv"], check=True
    )


def test_it_needs_nothing_but_the_standard_library():
    done = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT, "--help"], capture_output=True, text=True
    )
    assert done.returncode == 0 and "--installer" in done.stdout


def test_the_versions_stand_in_one_place(capsys):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [c.split(" :: ")[-1] for c in project["classifiers"] if "Python ::" in c]
    assert [f"{a}.{b}" for a, b in install.supported()] == named
    assert install.supported()[0] == doctor.OLDEST_PYTHON
    assert install.supported()[-1] == doctor.NEWEST_PYTHON
    listed = f"Python {', '.join(named[:-1])} or {named[-1]}"
    assert f"You need {listed}" in (ROOT / "README.md").read_text(encoding="utf-8")
    install.check_version(install.supported()[-1])
    for version, said in (((3, 10), "needs Python 3.11 or newer, and"),
                          ((3, 99), "on Python 3.99 yet: TensorFlow has no package")):  # fmt: skip
        with pytest.raises(SystemExit):
            install.check_version(version, "lab")
        text = capsys.readouterr().out
        assert said in text and f"install {listed}, then run  make PYTHON=" in text
        assert text.strip().endswith(" lab")


def test_a_mac_without_a_package_is_told_where_else_to_learn(capsys):
    install.check_machine("darwin", "arm64")
    install.check_machine("linux", "x86_64")
    with pytest.raises(SystemExit):
        install.check_machine("darwin", "x86_64")
    said = capsys.readouterr().out
    assert "Intel" in said and "Colab" in said and said.count("\n") == 1


@needs_make
@pytest.mark.parametrize(
    "version, said", [((3, 9), "needs Python 3.11 or newer"), ((3, 99), "TensorFlow")]
)
def test_make_refuses_a_python_that_does_not_fit(course, version, said):
    code = (
        f"import sys; sys.version_info = {version}; sys.argv = sys.argv[2:];"
        "exec(open(sys.argv[0]).read())"
    )
    fake = program(course, "python", f'exec {sys.executable} -c "{code}" "$@"')
    code, text = make(course, python=fake)
    assert code != 0 and said in text and "Traceback" not in text
    assert not (course / ".venv").exists()


@needs_make
def test_uv_on_the_machine_installs(course):
    bare_environment(course)
    program(course, "uv", 'echo uv 1; echo "$@" >> asked; env >> asked')
    code, text = make(course, PYTHONPATH="elsewhere", PIP_INDEX_URL="x://mirror")
    assert code == 0 and "Installing the course into .venv with uv" in text, text
    asked = (course / "asked").read_text()
    wanted = "-r requirements.txt -c constraints.txt -e . pip"
    assert f"pip install --quiet --python .venv/bin/python {wanted}" in asked
    assert "UV_DEFAULT_INDEX=x://mirror" in asked and "UV_SYSTEM_CERTS=1" in asked
    assert "PYTHONPATH" not in asked
    assert make(course) == (0, "make: Nothing to be done for 'install'.\n")
    assert make(course, "--", ".venv/.ready-test")[0] == 0
    assert "constraints.txt -e .[test,site]" in (course / "asked").read_text()
    (course / "wheels").mkdir()
    (course / "wheels" / "keras.whl").write_text("")
    os.utime(course / "requirements.txt", (4e9, 4e9))
    (course / "asked").unlink()
    assert make(course, PYTHONDONTWRITEBYTECODE="1")[0] == 0
    asked = (course / "asked").read_text()
    assert "--compile-bytecode" in asked  # or every start would compile TensorFlow
    assert f"--no-index --find-links wheels {wanted}" in asked


@needs_make
def test_pip_follows_when_uv_fails_and_no_false_cause_is_named(course):
    bare_environment(course)
    (site,) = (course / ".venv" / "lib").glob("python*/site-packages")
    (site / "borrowed.pth").write_text(str(Path(pip.__file__).parent.parent))
    program(
        course, "uv", '[ "$1" = --version ] && echo uv 1 || { echo Oops.; exit 2; }'
    )
    code, text = make(course, PIP_NO_INDEX="1", PIP_USER="1")
    assert code != 0 and "Oops." in text
    assert "uv failed for the reason above: pip tries" in text
    assert "ERROR: " in text  # what pip said
    assert "failed for the reason above" in text and "network" not in text
    assert not (course / ".venv" / ".ready").exists()
    code, text = make(course, "INSTALLER=uv")
    assert code != 0 and "pip tries" not in text and "failed for the reason" in text
    program(
        course,
        "uv",
        '[ "$1" = --version ] && echo uv 1 || { echo No solution found; exit 1; }',
    )
    code, text = make(course)
    assert "pip tries" not in text and "failed for the reason above" in text


@pytest.mark.parametrize(
    ("there", "refusing", "by", "result"),
    [
        (True, (), ["uv"], None),
        (True, ("uv",), ["uv", "python"], None),
        (False, (), ["python"], None),
        (False, ("python",), ["python"], "no"),
    ],
)
def test_another_environment_gets_its_packages_by_uv_or_by_pip(
    there, refusing, by, result, monkeypatch
):
    asked = []

    def run(command, environment):
        asked.append(command[0])
        return "no" if command[0] in refusing else None

    monkeypatch.setattr(install, "run", run)
    monkeypatch.setattr(install, "pip_settings", lambda python: {})
    monkeypatch.setattr(
        install, "find_uv", lambda *where, offline: ("uv" if there else None, "")
    )
    assert install.install_packages("python", ["keras"]) == result
    assert asked == by


@needs_make
def test_pip_installs_if_asked(course):
    bare_environment(course)
    log = course / "asked"
    python = course / ".venv" / "bin" / "python"
    (python.parent / "real").symlink_to(os.readlink(python))
    python.unlink()
    python.write_text(
        f'#!/bin/sh\necho "$@" >> {log}\n'
        f'case "$*" in *install*) exit 0;; *"import pip"*) echo 1;;'
        f' *) exec {sys.executable} "$@";; esac\n'
    )
    python.chmod(0o755)
    program(course, "uv", "exit 1")
    code, text = make(course, "INSTALLER=pip")
    assert code == 0 and "with pip" in text, text
    assert re.search(r"pip .*install --quiet -r requirements.txt -c", log.read_text())
    os.utime(course / "requirements.txt", (4e9, 4e9))
    code, text = make(course, PIP_PREFER_BINARY="1")
    assert code == 0 and "pip is set up with prefer-binary, which uv does not" in text
    code, text = make(course, "INSTALLER=conda")
    assert code != 0 and "INSTALLER is uv or pip, not conda." in text


def test_an_environment_with_another_python_is_named(course, capsys, monkeypatch):
    monkeypatch.setattr(install, "output", lambda command: "3 99")
    bare_environment(course)
    with pytest.raises(SystemExit):
        install.make_environment(str(course / ".venv"), "lab")
    assert "holds Python 3.99, which the course cannot use" in capsys.readouterr().out


def test_a_python_without_ensurepip_is_said(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(install.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        install.make_environment(str(tmp_path / "venv"), "lab")
    assert "lacks ensurepip" in capsys.readouterr().out
    monkeypatch.setattr(install, "output", lambda command: "")
    with pytest.raises(SystemExit):
        install.add_pip("python")
    assert "has no pip" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_not_blamed_on_debian(tmp_path, capfd):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit):
        install.make_environment(str(tmp_path / "file" / "venv"), "lab")
    said = capfd.readouterr().out
    assert "Not a directory" in said or "Unable to create" in said
    assert "for the reason above" in said and "apt" not in said


@pytest.mark.parametrize(
    "said, network",
    [
        ("ERROR: No matching distribution found for keras==99", False),
        (
            "ERROR: Could not install packages: [Errno 28] No space left on device",
            False,
        ),
        ("error: failed to create directory: Permission denied (os error 13)", False),
        ("WARNING: Retrying after connection broken by 'NewConnectionError'", True),
        ("error: Failed to fetch\n  cause: dns error", True),
        ("connection broken by x\n[Errno 28] No space left on device", False),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))", True),
    ],
)
def test_the_network_is_blamed_only_for_the_network(said, network, capsys):
    with pytest.raises(SystemExit):
        install.fail(said)
    assert ("check the network" in capsys.readouterr().out) == network


def test_pips_settings_are_read_from_pip_itself(tmp_path, monkeypatch):
    (tmp_path / "pip.conf").write_text(
        "[global]\nextra-index-url =\n    x://a\n    x://b\ntimeout = 9\n"
        "[install]\ntimeout = 60\nfind-links = /one /two\n[download]\nretries = 1\n"
    )
    monkeypatch.setenv("PIP_TRUSTED_HOST", "inside")
    monkeypatch.setenv("PIP_USER", "1")
    found = install.pip_settings(sys.executable)
    wanted = {"extra-index-url": "\nx://a\nx://b", "timeout": "60", "user": "1",
                     "find-links": "/one /two", "trusted-host": "inside"}  # fmt: skip
    assert wanted.items() <= found.items() and "retries" not in found
    environment = install.pip_environment(found)
    assert "PIP_USER" not in environment and environment["PIP_TIMEOUT"] == "60"
    assert environment["PIP_EXTRA_INDEX_URL"] == "x://a x://b"
    assert environment["PIP_CONFIG_FILE"] == os.devnull


def test_uv_hears_what_pip_is_set_to(monkeypatch):
    settings = {
        "index-url": "x://main", "extra-index-url": "\nx://a\nx://b", "find-links": "/a /b",
        "trusted-host": "inside", "cert": "/own.pem", "proxy": "proxy:3128",
        "default-timeout": "180", "pre": "no", "no-cache-dir": "true", "cache-dir": "/c",
    }  # fmt: skip
    assert install.unknown_to_uv(settings) == []
    monkeypatch.setenv("SSL_CERT_FILE", "/system.pem")
    said = install.uv_environment(settings)
    wanted = {
        "UV_DEFAULT_INDEX": "x://main", "UV_INDEX": "x://a x://b",
        "UV_FIND_LINKS": "/a,/b", "UV_INSECURE_HOST": "inside",
        "SSL_CERT_FILE": "/own.pem", "HTTPS_PROXY": "http://proxy:3128",
        "UV_HTTP_TIMEOUT": "180", "UV_NO_CACHE": "1",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }  # fmt: skip
    assert wanted.items() <= said.items() and "UV_PRERELEASE" not in said
    assert said["UV_CACHE_DIR"] == os.path.join("/c", "uv")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "x://own")  # uv's own setting goes before
    assert install.uv_environment(settings)["UV_DEFAULT_INDEX"] == "x://own"
    assert "UV_INDEX" not in install.uv_environment(settings, offline=True)


@pytest.mark.parametrize(
    "settings, unknown",
    [
        ({"prefer-binary": "true"}, ["prefer-binary"]),
        ({"prefer-binary": "false", "user": "1", "target": "/x"}, []),
        ({"use-feature": "fast-deps", "no-binary": "keras", "constraint": "c.txt"},
         ["no-binary", "use-feature"]),
    ],
)  # fmt: skip
def test_a_setting_without_a_counterpart_is_known(settings, unknown):
    assert install.unknown_to_uv(settings) == unknown


# ---- a package index that asks who comes -----------------------------------------------


class Index(BaseHTTPRequestHandler):
    """An index with one package, for ada with her password alone."""

    wheel = "tiny_course-1.0-py3-none-any.whl"
    packed = b""
    refused = 0

    def do_GET(self):
        ada = "Basic " + base64.b64encode(b"ada:lovelace").decode()
        if self.headers.get("Authorization") != ada:
            type(self).refused += 1
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic realm=x")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        pages = {
            "/simple/tiny-course/": f'<a href="/files/{self.wheel}">{self.wheel}</a>'.encode(),
            f"/files/{self.wheel}": self.packed,
        }
        if self.path not in pages:
            return self.send_error(404)
        body = pages[self.path]
        self.send_response(200)
        if self.path.endswith("/"):
            self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Its address; NETRC names a file that nothing has been written to."""
    with zipfile.ZipFile(tmp_path / Index.wheel, "w") as wheel:
        about = "Metadata-Version: 2.1\nName: tiny-course\nVersion: 1.0\n"
        kind = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr("tiny_course.py", "here = True\n")
        wheel.writestr("tiny_course-1.0.dist-info/METADATA", about)
        wheel.writestr("tiny_course-1.0.dist-info/WHEEL", kind)
        wheel.writestr("tiny_course-1.0.dist-info/RECORD", "")
    monkeypatch.setattr(Index, "packed", (tmp_path / Index.wheel).read_bytes())
    monkeypatch.setattr(Index, "refused", 0)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("PIP_NO_INPUT", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        monkeypatch.setenv(
            "PIP_INDEX_URL", f"http://127.0.0.1:{httpd.server_port}/simple"
        )
        yield tmp_path / "netrc"
        httpd.shutdown()


def environment_with_pip(folder):
    """An environment that borrows the tester's pip; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = install.python_of(str(folder))
    show = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(install.output([python, "-c", show]).strip())
    (site / "pip").symlink_to(Path(pip.__file__).parent)
    return python


@pytest.mark.skipif(os.name != "posix", reason="needs links")
@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_a_password_in_netrc_opens_an_index(installer, index, tmp_path, monkeypatch):
    inside = Path(sys.executable).parent / "uv"
    uv = shutil.which("uv") or (str(inside) if inside.exists() else None)
    if installer == "uv" and not uv:
        pytest.skip("uv is not here")
    found = (uv, "") if installer == "uv" else (None, "")
    monkeypatch.setattr(install, "find_uv", lambda *a, **b: found)
    python = environment_with_pip(tmp_path / "environment")
    said = install.install_packages(python, ["tiny-course"])
    assert said and Index.refused, "without a password nobody gets in"
    with pytest.raises(SystemExit):
        install.fail(said)
    index.write_text("machine 127.0.0.1 login ada password lovelace\n")
    index.chmod(0o600)
    said = install.install_packages(python, ["tiny-course"])
    assert said is None, said
    assert install.output([python, "-c", "import tiny_course; print(1)"])
