"""Downloads that fail: what went wrong, in words, and what to do about it."""

from __future__ import annotations

import errno
import os
import re
from urllib.parse import urlparse

from .errors import CourseError

DISK_ERRORS = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
    errno.ENOENT, errno.ENOTDIR, errno.EFBIG, errno.EMFILE,
}  # fmt: skip


CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
NO_PROXY = (
    "the proxy setting is not an address that can be used"  # it may hold a password
)
PROXY_REMEDY = "correct the proxy settings (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY)"


class Failed(Exception):
    """No whole file has come, and the disk is not at fault; the cause is attached."""


class Downloader:
    """Fetches one file for pooch, and tells its own errors from those of checking it."""

    def __init__(self, timeout):
        import pooch

        self._download = pooch.HTTPDownloader(timeout=timeout)

    def __call__(self, url, output_file, pooch):
        try:
            self._download(url, output_file, pooch)
        except Exception as error:
            if getattr(error, "errno", None) in DISK_ERRORS:
                raise
            raise Failed from error


def from_mirrors(remote, file, folder, timeout, otherwise=""):
    """Download one file from the first mirror that has it, and verify it; return its path.

    Args:
        remote: a ``datasets.Remote``.
        file: one of its files.
        folder: where it goes.
        timeout: seconds without an answer before the next mirror is tried.
        otherwise: what else the user may do, for the message.

    Raises:
        CourseError: with what went wrong at each mirror, and what to do.
    """
    troubles, remedies = [], []
    for mirror in remote.mirrors:
        failed = from_mirror(remote, mirror, file, folder, timeout)
        if not failed:
            return folder / file
        troubles.append(failed[0])
        remedies.append(failed[1])
    raise CourseError(
        f"{remote.title} could not be downloaded ({'; '.join(troubles)}):"
        f" {', '.join(dict.fromkeys(remedies))} and try again, or put a good {file} into"
        f" {folder}{otherwise}."
    )


def from_mirror(remote, mirror, file, folder, timeout):
    """Download one file from one mirror into a folder, and verify it.

    Returns:
        None, or what went wrong, in words, and what to do about it.

    Raises:
        CourseError: if the file cannot be written.
    """
    import pooch

    pooch.get_logger().setLevel("WARNING")  # its notes would land in the notebook
    try:
        pooch.retrieve(
            mirror + file, f"sha256:{remote.files[file]}", fname=file, path=folder,
            downloader=Downloader(timeout),
        )  # fmt: skip
    except Failed as failed:
        return trouble(failed.__cause__, mirror)
    except ValueError:
        return (
            f"{urlparse(mirror).netloc} sent a file with another checksum",
            "see whether your network asks for a login in the browser",
        )
    except OSError as error:
        text = disk_trouble(error, folder, remote.title, remote.megabytes)
        raise CourseError(text) from None
    return None


def trouble(error, address):
    """Return what went wrong with a request, in words, and what to do about it."""
    from requests import exceptions

    host = urlparse(address).netloc
    said = " ".join(str(error).split())
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status:
        if status == 407:
            return "the proxy asks for a name and a password", PROXY_REMEDY
        return f"{host} answered {status}", "wait a while"
    if "SOCKS" in said and "dependencies" in said.lower():
        return (
            "the SOCKS proxy that is set needs the package PySocks",
            "run  python -m pip install pysocks  or unset the proxy",
        )
    if isinstance(error, exceptions.ProxyError) or "proxy" in said.lower():
        if isinstance(error, exceptions.InvalidURL | exceptions.InvalidSchema):
            return NO_PROXY, PROXY_REMEDY
        refusal = re.search(r"Tunnel connection failed: ([\w ]+)", said)
        how = f"said: {refusal[1].strip()}" if refusal else "did not answer"
        return f"the proxy on the way to {host} {how}", PROXY_REMEDY
    if re.search(
        r"(?i)no[ _]certificate[ _]or[ _]crl|invalid path|CA (cert\w* )?bundle", said
    ):
        named = next((v for v in CERTIFICATES if os.environ.get(v)), None)
        if named:
            trouble = f"{named} names no file of certificates"
            return trouble, f"correct or unset {named}"
        return (
            "the file of trusted certificates is missing or damaged",
            "run  python -m pip install --force-reinstall certifi",
        )
    if isinstance(error, exceptions.SSLError):
        if "CERTIFICATE_VERIFY_FAILED" in said:
            return (
                f"the certificate that came from {host} is not trusted on this machine",
                "set REQUESTS_CA_BUNDLE to a file with your network's certificates",
            )
        return f"no encrypted connection to {host} ({said[:80]})", "check the network"
    if isinstance(error, exceptions.Timeout):
        return f"no answer from {host} in time", "check the network"
    if isinstance(error, exceptions.ChunkedEncodingError) or "IncompleteRead" in said:
        return f"{host} broke off in the middle of the file", "check the network"
    if re.search("NameResolution|Failed to resolve|getaddrinfo", said):
        return f"the address of {host} is not found", "check the network"
    if isinstance(error, exceptions.ConnectionError):
        return f"no answer from {host}", "check the network"
    if isinstance(error, ValueError | TypeError) and _proxy_is_set():
        return NO_PROXY, PROXY_REMEDY  # the mirrors' own addresses are well-formed
    name = f"{type(error).__name__}: {said[:80]}"
    return f"no transfer from {host} ({name})", "check the network"


def _proxy_is_set():
    from urllib.request import getproxies

    return bool(getproxies())


def disk_trouble(error, folder, title, megabytes):
    """Return one sentence on a folder that a data set could not be written to."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"No room for {title} ({megabytes:g} MB) in {folder}: free some"
            " space, or set DLCOURSE_DATA to a folder on another disk."
        )
    return (
        f"Cannot write {title} to {folder} ({error.strerror or error}): set"
        " DLCOURSE_DATA to a folder that you can write to."
    )
