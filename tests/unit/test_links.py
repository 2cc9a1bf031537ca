"""Every mirror of a data set is asked, not only the first that works."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from dlcourse import datasets
from dlcourse.tools import links
from dlcourse.tools.cli import main

FILES = {"a.txt": b"a" * 300_000, "b.txt": b"b" * 400_000}


class Handler(BaseHTTPRequestHandler):
    """Answers by path: /good/, /other/ (another content), /half/ (b.txt is gone)."""

    def do_GET(self):
        _, kind, file = self.path.split("/")
        if kind == "half" and file == "b.txt":
            return self.send_error(404)
        body = b"something else" if kind == "other" else FILES[file]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


def remote(*mirrors, megabytes=0.7):
    return datasets.Remote(
        title="Toys", mirrors=mirrors, megabytes=megabytes, license="CC0", citation="none",
        files={file: hashlib.sha256(body).hexdigest() for file, body in FILES.items()},
    )  # fmt: skip


def test_each_mirror_is_judged_by_its_files_and_their_size(server):
    toys = remote(*(f"{server}/{kind}/" for kind in ("good", "other", "half")))
    good, other, half = links.check({"toys": toys}, timeout=5)
    assert good == ("toys", server.removeprefix("http://"), 0.7, [])
    assert [x.split(":")[0] for x in other[3]] == ["a.txt", "b.txt"]
    assert "another checksum" in other[3][0]
    assert half[3] == [f"b.txt: {half[1]} answered 404"]
    ((_, _, size, troubles),) = links.check(
        {"toys": remote(f"{server}/good/", megabytes=7)}, timeout=5
    )
    assert size == 0.7 and troubles == ["learners are told 7 MB"]


def test_the_command_ends_with_1_if_a_mirror_fails(server, monkeypatch, tmp_path):
    monkeypatch.setenv("DLCOURSE_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr(
        datasets, "REGISTRY",
        {"toys": remote(f"{server}/good/", f"{server}/half/"), "fine": remote(f"{server}/good/")},
    )  # fmt: skip
    done = CliRunner().invoke(main, ["data", "--check"])
    marks = [line[0] for line in done.output.splitlines()]
    assert done.exit_code == 1 and marks == ["✓", "✗", "✓", "1"], done.output
    done = CliRunner().invoke(main, ["data", "--check", "fine"])
    assert done.exit_code == 0 and done.output.endswith("Every mirror is well.\n")
    done = CliRunner().invoke(main, ["data", "--check", "balls"])
    assert done.exit_code == 1 and "choose one of toys, fine" in done.output
    assert not (tmp_path / "cache").exists()
