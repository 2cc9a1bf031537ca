"""The commands: doctor, lab, address, and one clear sentence for each bad input."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import namedtuple

import psutil
import pytest
from conftest import ROOT
from course import FINE, make_course

from dlcourse import datasets, doctor
from dlcourse.tools import cli as tools_cli


def cli(*arguments, cwd=ROOT, python=(sys.executable,), **environment):
    return subprocess.run(
        [*python, "-m", "dlcourse", *arguments], cwd=cwd, capture_output=True, text=True,
        env={**os.environ, **environment}, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("run", "99"), "Unknown lesson '99': choose from 00"),
        (
            ("run", "--profile", "fast"),
            "Unknown profile 'fast': choose one of quick, full",
        ),
        (
            ("run", "--device", "tpu"),
            "Unknown device 'tpu': choose one of auto, cpu, gpu",
        ),
        (("run", "--seeds", "x"), "Seed 'x' is not usable"),
        (("data", "cifar"), "Unknown data set 'cifar': choose one of mnist"),
        (("address", "gitlab.com/x"), "is not a repository address"),
        (
            ("run", "00", "--output", "README.md"),
            "README.md is a file: choose another folder",
        ),
        (("run", "00", "--output", "tests"), "already exists and holds other things"),
        (("student", "--output", "tests"), "already exists and holds other things"),
        (("student", "--output", "README.md"), "README.md is a file: choose another"),
        (("slides", "--output", "README.md"), "README.md is a file: choose another"),
        (("student", "--output", "README.md/x"), "README.md/x (Not a directory)"),
        (("slides", "--output", "README.md/x"), "README.md/x (Not a directory)"),
        (("lab", "--port", "99999"), "99999 is not a port"),
        (("progress", "--export", "no/such/file"), "no/such/file"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_1(arguments, said):
    done = cli(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("PROFILE", "fast", "Unknown profile 'fast'"),
        ("DEVICE", "tpu", "Unknown device 'tpu'"),
        ("SEED", "x", "Seed 'x' is not usable"),
    ],
)
def test_run_heeds_the_environment(name, value, said):
    done = cli("run", "00", **{f"DLCOURSE_{name}": value})
    assert done.returncode == 1 and said in done.stderr


def test_outside_a_checkout_commands_that_need_one_say_so(tmp_path, monkeypatch):
    from dlcourse import CourseError
    from dlcourse.tools import catalog

    monkeypatch.setattr(
        catalog,
        "__file__",
        str(tmp_path / "site" / "dlcourse" / "tools" / "catalog.py"),
    )
    with pytest.raises(CourseError, match="run it inside a clone of the course"):
        catalog.find_root(tmp_path)


def test_an_old_python_is_told_so():
    # The guard stands before anything that an old Python could not read.
    source = (ROOT / "dlcourse" / "__main__.py").read_text(encoding="utf-8")
    guard = source.index("sys.version_info < (3, 11)")
    assert guard < source.index("import main")
    finding = doctor.check_python((3, 9, 2))
    assert finding.state == "trouble" and "install Python 3.11" in finding.remedy
    finding = doctor.check_python((3, 99, 0))
    assert finding.state == "note" and "use Python 3.13" in finding.remedy


def test_a_missing_package_is_one_sentence(tmp_path):
    """An environment without click, as after a plain clone."""
    code = (
        "import sys, runpy; sys.modules['click'] = None;"
        "runpy.run_module('dlcourse', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 1
    assert "The package click is missing: run  python -m pip install" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = cli("lab", "--port", str(port))
    assert (
        done.returncode == 1 and f"Port {port} is in use: choose another" in done.stderr
    )


def test_lab_serves_the_first_lesson():
    """JupyterLab answers over HTTP with the start notebook and the environment's kernel."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "dlcourse",
        "lab",
        "--no-browser",
        "--port",
        str(port),
    ]
    command += ["--", "--IdentityProvider.token=secret", "--ServerApp.port_retries=0"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        status, page = get(port, "/lab/tree/notebooks/00_start_here.ipynb?token=secret")
        assert status == 200 and "JupyterLab" in page
        assert re.search(
            r'"disabledExtensions":[^]]*apputils-extension:announcements', page
        )
        status, page = get(
            port, "/api/contents/notebooks/00_start_here.ipynb?token=secret&content=0"
        )
        assert status == 200
        status, page = get(port, "/api/kernelspecs?token=secret")
        assert status == 200 and '"python3"' in page
    finally:
        # on Windows the command waits for JupyterLab, which is its child
        for child in psutil.Process(process.pid).children(recursive=True):
            child.terminate()
        process.terminate()
        process.wait(timeout=30)


def get(port, path, patience=60):
    deadline = time.monotonic() + patience
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", path)
            reply = connection.getresponse()
            return reply.status, reply.read().decode("utf-8", "replace")
        except OSError:
            assert time.monotonic() < deadline, "JupyterLab did not answer"
            time.sleep(0.5)


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of the system's")
def test_an_interrupt_is_jupyterlabs_affair(tmp_path):
    """A stand-in for JupyterLab asks on Ctrl-C, as it does, and is there for the answer."""
    import pty

    (tmp_path / "jupyterlab.py").write_text(
        "import time\n"
        "try:\n"
        "    print('It serves.', flush=True)\n"
        "    time.sleep(60)\n"
        "except KeyboardInterrupt:\n"
        "    print('Shut down?', flush=True)\n"
        "    print('answered', input(), flush=True)\n"
    )
    child, terminal = pty.fork()
    if not child:
        os.chdir(ROOT)
        os.environ["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{ROOT}"
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored if pytest's caller does
        command = [sys.executable, "-m", "dlcourse", "lab", "--no-browser"]
        os.execv(sys.executable, command)
    said = b""

    def wait_for(text):
        nonlocal said
        while text not in said:
            said += os.read(terminal, 1000)

    try:
        wait_for(b"It serves.")
        assert os.geteuid() or b"You are root" in said
        os.write(terminal, b"\x03")
        wait_for(b"Shut down?")
        time.sleep(0.6)
        os.write(terminal, b"y\n")
        wait_for(b"answered y")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        os.close(terminal)


@pytest.mark.skipif(os.name != "posix", reason="a signal there ends the process")
def test_where_no_process_can_be_replaced_the_parent_waits(monkeypatch):
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(tools_cli.os, "name", "nt")
    code = (
        "import os, signal; os.kill(os.getppid(), signal.SIGINT); raise SystemExit(7)"
    )
    started = tools_cli.subprocess.Popen

    def popen(*arguments, **options):
        program = started(*arguments, **options)
        assert signal.getsignal(signal.SIGINT) is before  # the program hears it
        return program

    monkeypatch.setattr(tools_cli.subprocess, "Popen", popen)
    try:
        with pytest.raises(SystemExit, match="7"):
            tools_cli.become(
                [sys.executable, "-c", "import time; time.sleep(.3);" + code],
                os.environ,
            )
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_port_on_windows_is_asked_for_alone(monkeypatch):
    """There SO_REUSEADDR lets two servers share a port, and the probe finds it free."""
    options = []

    class Probe(socket.socket):
        def setsockopt(self, *option):
            options.append(option)

    monkeypatch.setattr(tools_cli.os, "name", "nt")
    monkeypatch.setattr(tools_cli.socket, "socket", Probe)
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False)
    assert tools_cli._port_trouble(0) is None
    assert options == [(socket.SOL_SOCKET, -5, 1)]


CHECKS = "import dlcourse; dlcourse.check('21.1', 1); dlcourse.check('21.1', ...)"


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
@pytest.mark.parametrize(
    "words, said",
    [(("-m", "dlcourse", "data"), "o mnist: MNIST"),
     (("-m", "dlcourse", "progress"), "+ right"), (("-c", CHECKS), "x 21.1")],
)  # fmt: skip
def test_output_goes_into_a_file_of_any_encoding(encoding, words, said, tmp_path):
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "DLCOURSE_DATA": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    if encoding == "ascii" and words[0] == "-m":  # click writes UTF-8 then
        said = said.replace("o ", "○ ").replace("+", "✓")
    assert said in done.stdout.decode("utf-8" if encoding == "ascii" else encoding)


def test_notebooks_check_names_what_is_stale(tmp_path):
    course = make_course(tmp_path / "c", l90=FINE)
    done = cli("notebooks", "--check", cwd=course)
    assert (
        done.returncode == 1
        and "Out of step with its script: 90_tiny.ipynb" in done.stderr
    )
    assert "executed" in cli("notebooks", cwd=course).stdout
    assert cli("notebooks", "--check", cwd=course).returncode == 0
    again = "90_tiny.ipynb: unchanged (2 + 0 minutes by count)\n"
    assert cli("notebooks", cwd=course).stdout == again


def test_data_lists_what_is_there(tmp_path):
    done = cli("data", DLCOURSE_DATA=str(tmp_path))
    assert done.returncode == 0 and "○ mnist: MNIST, 11.6 MB" in done.stdout


def test_doctor_finds_this_environment_fit():
    done = cli("doctor")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("The course can run.\n")


def test_doctor_exits_1_with_a_remedy_if_the_course_cannot_run():
    done = cli("doctor", KERAS_BACKEND="theano")
    assert done.returncode == 1
    assert "✗ backend" in done.stdout and "1 to mend" in done.stdout


@pytest.mark.parametrize(
    "error", [ValueError("bad abi"), SystemExit(3), RuntimeError(), OSError(8, "DLL")]
)
def test_doctor_survives_whatever_an_import_raises(error, monkeypatch):
    def breaks(backend, device):
        raise error

    monkeypatch.setattr(doctor, "prepare_keras", breaks)
    finding = doctor.check_backend()
    assert finding.state == "trouble" and type(error).__name__ in finding.detail
    assert '"keras>=' in finding.remedy and '"tensorflow>=' in finding.remedy


def test_doctor_checks_every_requirement_with_its_range(monkeypatch):
    real = doctor.metadata.version
    old = {"tensorflow": "2.15.0", "numpy": "1.26.4", "papermill": None}
    monkeypatch.setattr(
        doctor.metadata,
        "version",
        lambda name: old[name] if name in old else real(name),
    )
    found = {finding.name: finding for finding in doctor.check_packages()}
    listed = [x for x in (ROOT / "requirements.txt").read_text().splitlines() if x]
    assert len(found) == sum(not x.startswith("#") for x in listed)
    assert {n for n, f in found.items() if f.state == "trouble"} == set(old)
    assert found["tensorflow"].detail == "2.15.0, but the course needs >=2.20,<3"
    assert found["tensorflow"].remedy.endswith('install "tensorflow>=2.20,<3"')


def test_doctor_reads_the_package_where_there_is_no_list(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "dlcourse" / "doctor.py"))
    lines = [
        "numpy<3,>=2.0",
        'pywin32>=3; sys_platform == "nothing"',
        'x; extra == "y"',
    ]
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: lines)
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "2.1")
    assert [f.name for f in doctor.check_packages()] == ["numpy"]


def test_doctor_asks_only_for_what_lessons_import_where_the_package_is_alone(
    monkeypatch, tmp_path
):
    """As on Colab, where the course is installed and its commands have nothing to do."""
    lines = doctor.requirements()
    shutil.copytree(ROOT / "dlcourse", tmp_path / "dlcourse")
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "dlcourse" / "doctor.py"))

    def absent(name):
        raise doctor.metadata.PackageNotFoundError

    monkeypatch.setattr(doctor.metadata, "version", absent)
    states = {f.name: f.state for f in doctor.check_packages(lines)}
    needed = {name for name, state in states.items() if state == "trouble"}
    lessons = {"tensorflow", "keras", "numpy", "pandas", "scikit-learn", "matplotlib",
               "ipywidgets", "pooch", "platformdirs", "scikit-image", "mlxtend"}  # fmt: skip
    assert lessons <= needed, lessons - needed
    commands = {"jupyterlab", "nbval", "pytest", "papermill"}
    assert not commands & needed


def test_doctor_goes_on_when_a_check_breaks(monkeypatch):
    def breaks():
        raise PermissionError(13, "Permission denied")

    for name in ("packages", "backend", "network", "disk"):
        monkeypatch.setattr(doctor, f"check_{name}", breaks)
    findings = {finding.name: finding for finding in doctor.examine()}
    assert "Permission denied" in findings["disk"].detail and "data" in findings


def test_doctor_names_a_drive_that_is_absent(monkeypatch):
    monkeypatch.setattr(doctor.os.path, "exists", lambda path: False)
    monkeypatch.setenv("DLCOURSE_DATA", "/Z/course")
    for check in (doctor.check_disk, doctor.check_data):
        assert "the drive of /Z/course is not there" in check().detail


def test_doctor_finds_each_trouble(monkeypatch, tmp_path):
    (missing,) = doctor.check_packages(["no-such-package>=1"])
    assert (
        missing.state == "trouble"
        and 'pip install "no-such-package>=1"' in missing.remedy
    )
    memory = namedtuple("memory", "available")(5e8)
    monkeypatch.setattr("psutil.virtual_memory", lambda: memory)
    assert "close other programs" in doctor.check_memory().remedy
    usage = namedtuple("usage", "free")(1e8)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: usage)
    assert "DLCOURSE_DATA" in doctor.check_disk(tmp_path).remedy
    assert doctor.check_network("https://127.0.0.1:9/").state == "note"
    monkeypatch.setenv("DLCOURSE_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    assert "read-only" in doctor.check_data().detail


def test_doctor_says_when_a_gpu_is_wanted_and_absent(monkeypatch):
    monkeypatch.setenv("DLCOURSE_DEVICE", "gpu")
    monkeypatch.setattr(doctor, "has_gpu", lambda backend: False)
    finding = doctor.check_backend()
    assert finding.state == "trouble" and "sees no GPU" in finding.detail
    assert "DLCOURSE_DEVICE" in finding.remedy or "DLCOURSE_DEVICE" in finding.detail
    monkeypatch.setenv("DLCOURSE_DEVICE", "cpu")
    assert doctor.check_backend().state == "ok"


def test_doctor_names_the_data_that_are_there(monkeypatch):
    monkeypatch.setattr(datasets, "is_complete", lambda name: name == "sst2")
    assert doctor.check_data().detail.startswith("sst2 in ")
