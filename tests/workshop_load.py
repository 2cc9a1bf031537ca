"""A workshop on one machine: one Jupyter server, many learners, one lesson.

    python tests/workshop_load.py [LESSON] [--learners N] [--stagger SECONDS]

Each learner has a kernel and a copy of the lesson (as ``make student`` writes it), starts
some seconds after the one before, runs the cells one by one over a websocket as JupyterLab
does, and saves the notebook through the server after every fifth cell. Printed: how long
each took, memory, failures, and whether every saved notebook holds every output. Without
``--learners`` there are as many as memory allows, 30 at most. ``make workshop-load`` calls
this. The exit code is 1 if anything failed or was lost.
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import nbformat
import psutil
import websocket  # comes with jupyter_server

from dlcourse.tools.catalog import read_lessons
from dlcourse.tools.notebooks import student_copy

ROOT = Path(__file__).resolve().parent.parent
PER_KERNEL = 1.2e9  # bytes to have free for each learner
SPARE = 2e9  # bytes left to the system and the server
CELL_LIMIT = 900  # seconds: many share the cores


class Server:
    """A JupyterLab server of the course on a folder of copies, asked over HTTP."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.token = secrets.token_hex(8)
        self.log = open(folder / "server.log", "w")  # noqa: SIM115 (closed in stop)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dlcourse", "lab", "--no-browser", "--port", str(self.port),
             "--", f"--IdentityProvider.token={self.token}"],
            cwd=folder, stdout=self.log, stderr=self.log, start_new_session=True,
            env={**os.environ, "DLCOURSE_STRICT": "1", "DLCOURSE_PROGRESS": "off"},
        )  # fmt: skip
        end = time.monotonic() + 60
        while True:
            try:
                self.ask("GET", "status")
                return
            except (urllib.error.URLError, OSError):
                if time.monotonic() > end:
                    sys.exit(
                        "The server did not start: "
                        + (folder / "server.log").read_text()
                    )
                time.sleep(0.5)

    def ask(self, method, path, content=None):
        """Return the JSON answer of ``/api/path``."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}", method=method,
            data=None if content is None else json.dumps(content).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=120) as reply:
            text = reply.read()
        return json.loads(text) if text else None

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)
        self.log.close()


class Learner(threading.Thread):
    """One learner: a kernel, a notebook, patience."""

    def __init__(self, server, file, delay):
        super().__init__(daemon=True)
        self.server, self.file, self.delay = server, file, delay
        self.seconds, self.trouble = None, None

    def run(self):
        time.sleep(self.delay)
        started = time.monotonic()
        try:
            self.work()
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"
        self.seconds = time.monotonic() - started

    def work(self):
        path = f"contents/notebooks/{self.file}"
        notebook = self.server.ask("GET", path)["content"]
        kernel = self.server.ask(
            "POST", "kernels", {"name": "python3", "path": f"notebooks/{self.file}"}
        )["id"]
        channel = websocket.create_connection(
            f"ws://127.0.0.1:{self.server.port}/api/kernels/{kernel}/channels"
            f"?token={self.server.token}", timeout=CELL_LIMIT,
        )  # fmt: skip
        try:
            cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
            for number, cell in enumerate(cells, 1):
                source = "".join(cell["source"])
                cell["outputs"] = run_cell(channel, source)
                cell["execution_count"] = number
                if number % 5 == 0 or number == len(cells):
                    self.server.ask(
                        "PUT", path, {"type": "notebook", "content": notebook}
                    )
        finally:
            channel.close()
            self.server.ask("DELETE", f"kernels/{kernel}")


def run_cell(channel, source):
    """Execute one cell over a kernel's websocket; return its outputs, as nbformat has them."""
    number = uuid.uuid4().hex
    header = {
        "msg_id": number, "msg_type": "execute_request", "version": "5.3",
        "username": "learner", "session": number, "date": "",
    }  # fmt: skip
    content = {
        "code": source,
        "silent": False,
        "store_history": True,
        "allow_stdin": False,
    }
    message = {
        "header": header, "parent_header": {}, "metadata": {}, "content": content,
        "channel": "shell", "buffers": [],
    }  # fmt: skip
    channel.send(json.dumps(message))
    outputs = []
    while True:
        raw = channel.recv()
        if isinstance(raw, bytes):
            continue  # widgets' binary messages
        message = json.loads(raw)
        if message.get("parent_header", {}).get("msg_id") != number:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            raise RuntimeError(f"{content['ename']}: {content['evalue']}")
        if kind in ("stream", "display_data", "execute_result"):
            content.pop("transient", None)
            outputs.append({"output_type": kind, **content})
        if kind == "status" and content["execution_state"] == "idle":
            return outputs


def watch(server, peaks, done):
    """Note the largest memory of server and kernels, until ``done`` is set."""
    process = psutil.Process(server.process.pid)
    while not done.wait(0.5):
        sizes = []
        for child in process.children(recursive=True):
            try:
                sizes.append(child.memory_info().rss)
            except psutil.Error:
                continue
        peaks["all"] = max(peaks["all"], sum(sizes))
        peaks["one"] = max([peaks["one"], *sizes])


def saved_whole(folder, file):
    """Return True if the saved notebook is valid and every code cell has been executed."""
    notebook = nbformat.read(folder / "notebooks" / file, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    printed = sum(bool(cell.outputs) for cell in cells)
    return all(cell.execution_count for cell in cells) and printed > len(cells) // 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lesson", nargs="?", default="00")
    parser.add_argument("--learners", type=int)
    parser.add_argument("--stagger", type=float, default=5.0)
    chosen = parser.parse_args()
    room = int((psutil.virtual_memory().available - SPARE) / PER_KERNEL)
    number = chosen.learners or max(1, min(30, room))
    known = {lesson.number: lesson for lesson in read_lessons(ROOT)}
    if chosen.lesson not in known:
        sys.exit(f"Unknown lesson {chosen.lesson!r}: choose from {', '.join(known)}.")
    if number > room:
        print(f"• {number} learners may not fit: there is memory for about {room}.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copy(ROOT / "pyproject.toml", folder)
        shutil.copytree(ROOT / ".jupyter", folder / ".jupyter")
        (folder / "notebooks" / "src").mkdir(parents=True)
        copy = student_copy(known[chosen.lesson], folder)
        shutil.copy(
            copy, folder / "notebooks" / "00_start_here.ipynb"
        )  # what lab opens
        files = [f"learner_{i:02}.ipynb" for i in range(1, number + 1)]
        for file in files:
            shutil.copy(copy, folder / "notebooks" / file)
        server = Server(folder)
        peaks, done = {"all": 0, "one": 0}, threading.Event()
        watcher = threading.Thread(target=watch, args=(server, peaks, done))
        watcher.start()
        started = time.monotonic()
        learners = [Learner(server, f, i * chosen.stagger) for i, f in enumerate(files)]
        try:
            for learner in learners:
                learner.start()
            for learner in learners:
                learner.join()
        finally:
            done.set()
            watcher.join()
            server.stop()
        wall = time.monotonic() - started
        failures = [learner for learner in learners if learner.trouble]
        lost = [
            x.file
            for x in learners
            if not x.trouble and not saved_whole(folder, x.file)
        ]
    for learner in failures:
        print(f"✗ {learner.file}: {learner.trouble}")
    seconds = sorted(learner.seconds for learner in learners)
    print(
        f"lesson {chosen.lesson}: {number} learners on {os.cpu_count()} CPU cores, one every"
        f" {chosen.stagger:g} s\n"
        f"time to finish: median {statistics.median(seconds):.0f} s, slowest"
        f" {seconds[-1]:.0f} s; the last finished after {wall:.0f} s\n"
        f"memory: {peaks['one'] / 1e9:.2f} GB for the largest kernel, {peaks['all'] / 1e9:.1f} GB"
        f" for the server and all kernels\n"
        f"{len(failures)} failed, {len(lost)} notebooks not whole"
    )
    return bool(failures or lost)


if __name__ == "__main__":
    sys.exit(main())
