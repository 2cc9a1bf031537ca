"""Loaders, and every way a download can go wrong, against a server on this machine."""

import errno
import gzip
import hashlib
import os
import struct
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from dlcourse import CourseError, datasets, doctor, transfers

GOOD = b"the right content " * 400


class Handler(BaseHTTPRequestHandler):
    """Answers by path: /good/, /other/, /short/, /404/, /503/, /slow/."""

    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        kind = self.path.split("/")[1]
        if kind in ("404", "503"):
            return self.send_error(int(kind))
        if kind == "slow":
            time.sleep(3)
        body = b"something else" if kind == "other" else GOOD
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if kind == "short" else body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        Handler.asked.clear()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr(datasets, "TIMEOUT", 1)
    return tmp_path / "cache"


def register(monkeypatch, *mirrors, content=GOOD):
    remote = datasets.Remote(
        title="Toys", mirrors=mirrors, megabytes=1.0, license="CC0", citation="none",
        files={"toys.txt": hashlib.sha256(content).hexdigest()},
    )  # fmt: skip
    monkeypatch.setitem(datasets.REGISTRY, "toys", remote)
    return remote


def whole(cache):
    """Return the names left in the cache: never a half-written one."""
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


def test_a_download_is_verified_kept_and_not_asked_for_twice(
    server, cache, monkeypatch
):
    register(monkeypatch, f"{server}/good/")
    assert not datasets.is_complete("toys")
    for _ in range(2):
        assert datasets.fetch("toys")["toys.txt"].read_bytes() == GOOD
    assert Handler.asked == ["/good/toys.txt"]
    assert datasets.is_complete("toys")
    assert whole(cache) == ["toys.txt"]


@pytest.mark.parametrize(
    "kind, said",
    [("404", "answered 404"), ("503", "answered 503"), ("other", "another checksum"),
     ("short", "broke off"), ("slow", "no answer")],
)  # fmt: skip
def test_a_bad_mirror_is_passed_over(kind, said, server, cache, monkeypatch):
    register(monkeypatch, f"{server}/{kind}/", f"{server}/good/")
    assert datasets.fetch("toys")["toys.txt"].read_bytes() == GOOD
    register(monkeypatch, f"{server}/{kind}/")
    (cache / "toys" / "toys.txt").unlink()
    with pytest.raises(CourseError, match=said) as caught:
        datasets.fetch("toys")
    assert "quick profile" in str(caught.value) and "\n" not in str(caught.value)
    assert whole(cache) == []


def test_no_network_is_one_sentence_with_the_remedy(cache, monkeypatch):
    register(monkeypatch, "http://127.0.0.1:9/")  # the discard port: nobody listens
    with pytest.raises(
        CourseError, match="no answer from 127.0.0.1:9.*check the network"
    ):
        datasets.fetch("toys")
    assert whole(cache) == []


@pytest.mark.parametrize(
    "setting, said",
    [({"HTTP_PROXY": "socks5://127.0.0.1:9"}, "SOCKS proxy.*install pysocks"),
     ({"HTTP_PROXY": "http://[bad"}, "proxy setting is not an address.*correct the proxy"),
     ({"HTTP_PROXY": "http://me:secret@host:port"}, "proxy setting is not an address"),
     ({"HTTP_PROXY": "http://u:p@"}, "proxy setting is not an address"),
     ({"HTTP_PROXY": "htp://x:1"}, "proxy setting is not an address"),
     ({"HTTP_PROXY": "http://127.0.0.1:9"}, "the proxy on the way.*did not answer"),
     ({"REQUESTS_CA_BUNDLE": "/no/such/file"}, "REQUESTS_CA_BUNDLE names no file")],
)  # fmt: skip
def test_a_setting_that_is_wrong_is_named(setting, said, cache, monkeypatch):
    """Neither the mirror's checksum, nor the disk, nor the network is at fault."""
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    scheme = "https" if "REQUESTS_CA_BUNDLE" in setting else "http"
    register(monkeypatch, f"{scheme}://198.51.100.1:9/")
    with pytest.raises(CourseError, match=said) as caught:
        datasets.fetch("toys")
    for false in ("checksum", "Cannot write", "check the network", "secret"):
        assert false not in str(caught.value)
    if "HTTP_PROXY" in setting:
        finding = doctor.check_network("http://198.51.100.1:9/")
        assert finding.state == "note" and "proxy" in finding.detail


def test_a_certificate_that_is_not_trusted_is_named():
    import requests

    said = "(Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]"
    trouble, remedy = transfers.trouble(
        requests.exceptions.SSLError(said), "https://a.org/x"
    )
    assert "a.org is not trusted" in trouble and "REQUESTS_CA_BUNDLE" in remedy


def test_a_proxy_serves_downloads_and_the_doctor(server, cache, monkeypatch):
    """The mirror itself cannot be reached; the server stands in for a proxy."""
    for name in ("http_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", server)
    register(monkeypatch, "http://198.51.100.1:9/")
    monkeypatch.setattr(Handler, "do_HEAD", Handler.do_GET, raising=False)
    assert datasets.fetch("toys")["toys.txt"].read_bytes() == GOOD
    assert doctor.check_network("http://198.51.100.1:9/").state == "ok"


def test_what_is_no_data_set_is_not_replaced_by_the_quick_profile(cache):
    remote = datasets.Remote(
        title="reveal.js", mirrors=("http://127.0.0.1:9/",), megabytes=1.0,
        license="MIT", citation="none", files={"reveal.js": "0" * 64},
    )  # fmt: skip
    with pytest.raises(CourseError, match="reveal.js could not") as caught:
        datasets.fetch_file("reveal.js", remote, "reveal.js")
    assert "quick profile" not in str(caught.value)


def test_an_unknown_user_in_the_folder_is_one_sentence(monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA", "~nobody-by-this-name/data")
    with pytest.raises(CourseError, match="DLCOURSE_DATA=~nobody.*is not usable"):
        datasets.data_folder()


def test_a_damaged_file_is_replaced_but_not_lost_without_network(
    server, cache, monkeypatch
):
    (cache / "toys").mkdir(parents=True)
    (cache / "toys" / "toys.txt").write_bytes(GOOD[:100])
    register(monkeypatch, "http://127.0.0.1:9/")
    with pytest.raises(CourseError):
        datasets.fetch("toys")
    assert (cache / "toys" / "toys.txt").read_bytes() == GOOD[:100]
    register(monkeypatch, f"{server}/good/")
    assert datasets.fetch("toys")["toys.txt"].read_bytes() == GOOD


def test_an_interrupted_download_leaves_nothing_and_runs_again(
    server, cache, monkeypatch
):
    import pooch

    remote = register(monkeypatch, f"{server}/good/")
    real = pooch.HTTPDownloader.__call__

    def interrupted(self, url, output_file, pooch, **kwargs):
        Path(output_file).write_bytes(GOOD[:50])
        raise KeyboardInterrupt

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        datasets.fetch("toys")
    assert whole(cache) == []
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", real)
    assert datasets.fetch("toys")["toys.txt"].stat().st_size == len(GOOD)
    assert remote.title == "Toys"


@pytest.mark.parametrize(
    "number, said",
    [(errno.ENOSPC, "No room for Toys.*free some space"),
     (errno.EROFS, "Cannot write Toys.*DLCOURSE_DATA"),
     (errno.EACCES, "Cannot write Toys.*DLCOURSE_DATA")],
)  # fmt: skip
def test_a_full_or_read_only_disk_is_one_sentence(
    number, said, server, cache, monkeypatch
):
    import pooch

    def fails(self, url, output_file, pooch, **kwargs):
        raise OSError(number, os.strerror(number))

    register(monkeypatch, f"{server}/good/")
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", fails)
    with pytest.raises(CourseError, match=said):
        datasets.fetch("toys")
    assert whole(cache) == []


def test_a_cache_that_is_a_file_is_one_sentence(server, cache, monkeypatch):
    cache.write_text("not a folder")
    register(monkeypatch, f"{server}/good/")
    with pytest.raises(CourseError, match="Cannot write Toys"):
        datasets.fetch("toys")


def test_a_read_only_folder_with_the_files_is_enough(server, cache, monkeypatch):
    register(monkeypatch, f"{server}/good/")
    datasets.fetch("toys")
    monkeypatch.setattr(os, "makedirs", None)
    os.chmod(cache / "toys", 0o555)
    register(monkeypatch, "http://127.0.0.1:9/")
    assert datasets.fetch("toys")["toys.txt"].read_bytes() == GOOD


def test_an_unknown_data_set_names_the_known_ones():
    with pytest.raises(
        CourseError, match="Unknown data set 'cifar': choose one of mnist"
    ):
        datasets.fetch("cifar")


def test_file_names_stay_inside_the_cache():
    for name, remote in datasets.REGISTRY.items():
        for file in (name, *remote.files):
            assert file == os.path.basename(file) and not file.startswith(".")
        assert all(len(sha256) == 64 for sha256 in remote.files.values())
        assert all(mirror.endswith("/") for mirror in remote.mirrors)


def test_idx_files_are_read(tmp_path):
    values = np.arange(24, dtype="uint8").reshape(2, 3, 4)
    raw = struct.pack(">BBBBiii", 0, 0, 8, 3, 2, 3, 4) + values.tobytes()
    (tmp_path / "x.gz").write_bytes(gzip.compress(raw))
    assert np.array_equal(datasets._read_idx(tmp_path / "x.gz"), values)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_four_files_become_the_four_arrays(name, tmp_path, monkeypatch):
    """Six training and four test images, of values that tell them apart."""
    values = {
        "train-images": 10,
        "train-labels": 1,
        "t10k-images": 20,
        "t10k-labels": 2,
    }

    def small(asked):
        files = {}
        for file in datasets.REGISTRY[asked].files:
            kind = file.rpartition("-idx")[0]
            n = 6 if kind.startswith("train") else 4
            shape = (n, 28, 28) if "images" in kind else (n,)
            head = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}i", *shape)
            body = bytes([values[kind]]) * int(np.prod(shape))
            files[file] = tmp_path / file
            files[file].write_bytes(gzip.compress(head + body))
        return files

    monkeypatch.setattr(datasets, "fetch", small)
    data = getattr(datasets, name)()
    assert data.x_train.shape == (6, 28, 28) and data.x_test.shape == (4, 28, 28)
    assert data.y_train.dtype == data.y_test.dtype == np.int64
    for array, value in ((data.x_train, 10), (data.y_train, 1), (data.x_test, 20),
                         (data.y_test, 2)):  # fmt: skip
        assert set(array.ravel()) == {value}


def test_digits():
    data = datasets.digits()
    assert data.x_train.shape == (1437, 8, 8) and data.x_test.shape == (360, 8, 8)
    assert data.x_train.dtype == np.uint8 and data.x_train.max() == 16
    assert data.y_test.dtype == np.int64
    counts = np.bincount(data.y_test)
    assert len(counts) == 10 and counts.min() >= 35  # stratified
    assert np.array_equal(data.x_test, datasets.digits().x_test)
    assert data.y_test[:8].tolist() == [7, 6, 3, 7, 7, 3, 2, 8]  # for every lesson


def test_photographs():
    images = datasets.photographs().images
    assert {name: x.shape for name, x in images.items()} == {
        "temple": (427, 640, 3), "flower": (427, 640, 3),
    }  # fmt: skip


def test_house_prices():
    table = datasets.house_prices()
    assert table.target == "price" and len(table.frame) > 500
    assert str(table.frame["sold_on"].dtype).startswith("datetime64")


def test_card_payments():
    table = datasets.card_payments()
    assert table.target == "fraud" and len(table.frame) == 40_000
    assert 0.005 < table.frame[table.target].mean() < 0.02


def test_energy_demand():
    table = datasets.energy_demand()
    time = table.frame["time"]
    assert len(table.frame) == 26_280 and table.target == "demand_mw"
    assert (time.diff().dropna() == np.timedelta64(1, "h")).all()
    assert str(time.iloc[-1]) == "2023-12-31 23:00:00"


def test_a_series_is_in_order_and_without_duplicated_rows(cache, monkeypatch):
    text = "service_date,rail_boardings\n01/03/2001,7\n01/01/2001,5\n01/03/2001,7\n"
    (cache / "cta_ridership").mkdir(parents=True)
    (cache / "cta_ridership" / "toys.csv").write_text(text)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    remote = replace(datasets.REGISTRY["cta_ridership"], files={"toys.csv": sha256})
    monkeypatch.setitem(datasets.REGISTRY, "cta_ridership", remote)
    frame = datasets.chicago_ridership().frame
    assert list(frame["rail_boardings"]) == [5, 7] and list(frame.index) == [0, 1]
    assert list(frame["service_date"].dt.day) == [1, 3]
    assert list(frame.columns) == ["service_date", "rail_boardings"]


def test_sentences_keep_their_quotation_marks_and_their_set(cache, monkeypatch):
    texts = {
        "train": '"a film\t1\nso "" so\t0\n', "dev": "fine\t1\n", "test": "dull\t0\n"
    }  # fmt: skip
    (cache / "sst2").mkdir(parents=True)
    for name, text in texts.items():
        (cache / "sst2" / f"{name}.tsv").write_text(text)
    files = {
        f"{name}.tsv": hashlib.sha256(text.encode()).hexdigest()
        for name, text in texts.items()
    }
    remote = replace(datasets.REGISTRY["sst2"], files=files)
    monkeypatch.setitem(datasets.REGISTRY, "sst2", remote)
    table = datasets.sst2()
    assert table.target == "label"
    assert list(table.frame["text"]) == ['"a film', 'so "" so', "fine", "dull"]
    assert list(table.frame["set"]) == ["train", "train", "validation", "test"]
    assert list(table.frame["label"]) == [
        "positive",
        "negative",
        "positive",
        "negative",
    ]


def test_sentiment():
    table = datasets.sentiment()
    assert list(table.frame) == ["set", "kind", "label", "text"]
    assert table.frame["set"].value_counts().to_dict() == {
        "train": 1600, "validation": 400, "test": 800, "spring": 400, "summer": 400,
    }  # fmt: skip
    assert set(table.frame[table.target]) == {"negative", "neutral", "positive"}
    assert not table.frame.isna().any().any()


REAL = os.environ.get("DLCOURSE_REAL_DATA")


@pytest.mark.skipif(
    not REAL, reason="set DLCOURSE_REAL_DATA to a folder with the real data sets"
)
def test_real_data_sets(monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA", REAL)
    for load in (datasets.mnist, datasets.fashion_mnist):
        data = load()
        assert data.x_train.shape == (60000, 28, 28) and data.x_test.shape == (
            10000,
            28,
            28,
        )
        assert set(np.unique(data.y_train)) == set(range(10))
    frame = datasets.california_housing().frame
    assert frame.shape == (20640, 10) and frame["total_bedrooms"].isna().sum() == 207
    reviews = datasets.sst2().frame
    assert reviews["set"].value_counts().to_dict() == {
        "train": 6920, "test": 1821, "validation": 872,
    }  # fmt: skip
    assert set(reviews["label"]) == {"negative", "positive"}
    assert not reviews.isna().any().any()
    melbourne = datasets.melbourne_temperatures().frame
    assert melbourne.shape == (3650, 2) and melbourne["Temp"].between(0, 27).all()
    chicago = datasets.chicago_ridership().frame
    assert chicago.shape == (7639, 5) and set(chicago["day_type"]) == set("WAU")
    assert (chicago["service_date"].diff().dropna() == np.timedelta64(1, "D")).all()
    plays = datasets.tiny_shakespeare().text
    assert len(plays) == 1_115_394 and len(set(plays)) == 65
    captions = datasets.multi30k().frame
    assert captions["split"].value_counts().to_dict() == {
        "train": 29000, "validation": 1014, "test": 1000,
    }  # fmt: skip
    assert captions.iloc[0]["french"].startswith("Deux jeunes hommes blancs")
    assert captions.map(len).min().min() > 3


def test_pairs_of_sentences_are_read_line_by_line(tmp_path, monkeypatch):
    """A line separator of Unicode inside a caption is no new caption."""
    files = {}
    for file in datasets.REGISTRY["multi30k"].files:
        language = file.split(".")[-2]
        files[file] = tmp_path / file
        lines = [f"{file} 1 {language}\u2028", f"{file} 2 {language}"]
        files[file].write_bytes(gzip.compress("\n".join([*lines, ""]).encode()))
    monkeypatch.setattr(datasets, "fetch", lambda name: files)
    data = datasets.multi30k()
    assert data.target == "french" and len(data.frame) == 6
    assert list(data.frame["split"]) == ["train"] * 2 + ["validation"] * 2 + ["test"] * 2
    assert data.frame["english"].str.contains(".en.gz").all()
    assert data.frame["french"].str.contains(".fr.gz").all()


def test_embedded_data_that_is_missing_says_so():
    with pytest.raises(CourseError, match="reinstall the course"):
        datasets.embedded("nothing.csv")


def test_the_remotes_are_frozen():
    with pytest.raises(AttributeError):
        datasets.REGISTRY["mnist"].title = "x"
    assert replace(datasets.REGISTRY["mnist"], title="x").title == "x"
