"""Kernels for the notebook tests that need not import TensorFlow each time anew.

A pytest plugin (``-p tests.warm_kernels``). One process imports what every lesson imports,
once, which takes some ten CPU seconds on a slow machine, and each kernel is a copy of it (a
fork). TensorFlow brings Keras along, so ``dlcourse.start()`` finds the backend chosen;
how it chooses is tested in ``tests/unit``. Where a fork is not safe, or would not be the same,
kernels start as usual: on other systems, on a GPU, with another backend or another Python, and
where NumPy has threads of its own (``run_all`` gives it one on two cores).
"""

import builtins
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

MODULES = """ipykernel.kernelapp ipywidgets matplotlib_inline.backend_inline pandas
matplotlib.pyplot seaborn scipy.stats sklearn.model_selection sklearn.linear_model
sklearn.ensemble PIL.Image tensorflow""".split()


def pytest_configure():
    if sys.platform != "linux" or not _as_usual():
        return
    from jupyter_client.provisioning import local_provisioner

    cold, nursery = local_provisioner.launch_kernel, Nursery()

    def launch(command, **options):
        own = command[:3] == [sys.executable, "-m", "ipykernel_launcher"]
        pid = own and nursery.fork(command[3:], options.get("cwd"), options["env"])
        return WarmKernel(pid) if pid else cold(command, **options)

    local_provisioner.launch_kernel = launch


def _as_usual():
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    device = os.environ.get("DLCOURSE_DEVICE") or "auto"
    return backend == "tensorflow" and device in ("auto", "cpu")


class Nursery:
    """The process that kernels are copies of, from the first kernel on."""

    def __init__(self):
        self.process = None

    def fork(self, arguments, folder, environment):
        """Return the process id of a new kernel; None if it has to start as usual."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True,
            )  # fmt: skip
        if self.process.poll() is not None:
            return None
        order = {
            "arguments": arguments,
            "folder": folder or os.getcwd(),
            "environment": environment,
        }
        print(json.dumps(order), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline() or 0)


class WarmKernel:
    """What jupyter_client asks of a kernel's process, which here is a grandchild."""

    stdin = stdout = stderr = None

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout=None):
        end = time.monotonic() + (timeout or 1e9)
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(0.05)
        return 0

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def serve():
    """Import everything, then fork a kernel for each line on standard input."""
    # a kernel has not got the tests beside it
    sys.path.remove(str(Path(__file__).parent))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # as start() does
    # as a kernel does when it starts
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    before = dict(os.environ)
    # as in a kernel: pandas asks on import how wide a table may be, TensorFlow how much to say
    builtins.get_ipython, sys.ps1 = (lambda: SimpleNamespace(kernel=None)), ">>> "
    for module in MODULES:
        __import__(module)
    del builtins.get_ipython, sys.ps1
    imports = {k: v for k, v in os.environ.items() if before.get(k) != v}
    if len(os.listdir("/proc/self/task")) > 1:
        return  # threads do not survive a fork: let every kernel start as usual
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # kernels that ended leave no zombies
    # not "for line in sys.stdin", which reads ahead
    for line in iter(sys.stdin.readline, ""):
        if os.fork() == 0:
            order = json.loads(line)
            order["environment"] = imports | order["environment"]
            become_kernel(**order)
            return


def become_kernel(arguments, folder, environment):
    """Run ipykernel's main loop in this process."""
    import numpy as np
    from ipykernel import kernelapp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # of its own before it is known: who ends a kernel signals its whole process group
    os.setsid()
    print(os.getpid(), flush=True)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    os.chdir(folder)
    os.environ.clear()
    # a kernel ends with its parent
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
    np.random.seed()  # or all kernels would draw the same; Python's own random is renewed
    sys.argv = ["ipykernel_launcher.py", *arguments]
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    serve()
