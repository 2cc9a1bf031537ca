"""The one way to execute a notebook: papermill, in memory, watched if need be."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """How an execution ended.

    ``error`` is None, or a dict with the number of the code cell that failed (None if no
    cell did) and a message of one line; ``detail`` is all that is known of it, traceback
    included. ``died`` says that the kernel died or never answered. ``usage`` holds
    ``wall_s``, ``cpu_s`` and ``peak_mb`` where they were asked for.
    """

    error: dict | None = None
    detail: str = ""
    died: bool = False
    usage: dict | None = None


def run_notebook(
    notebook, *, folder, parameters=None, timeout=None, python=None, watch=False
):
    """Execute a notebook's cells in a new kernel; the outputs land in the notebook.

    Args:
        notebook: the notebook as nbformat reads it; it is changed.
        folder: where the kernel runs.
        parameters: values that papermill sets behind the cell tagged ``parameters``.
        timeout: seconds that a cell may take; None means any number.
        python: the Python to run the kernel with; this one by default.
        watch: also measure time and memory.

    Returns:
        An ``Outcome``. A failing cell, or a kernel that dies, raises nothing.
    """
    for cell in notebook.cells:  # what fails early leaves nothing of an earlier run
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if parameters:
        _inject(notebook, parameters)
    usage = KernelWatch() if watch else None
    outcome, started = _attempt(notebook, folder, timeout, python)
    if not started:
        # Two kernels that start at once may choose the same port, and one dies of it
        # (nteract/papermill#511). No cell has run, so nothing is run twice.
        outcome, _ = _attempt(notebook, folder, timeout, python)
    error = outcome.error
    if error and error["cell"] and parameters:
        error["cell"] -= 1  # the cell with the parameters is not in the learner's copy
    return Outcome(error, outcome.detail, outcome.died, usage.stop() if usage else None)


def _inject(notebook, parameters):
    """Let papermill put a cell with the parameters behind the one tagged so."""
    from papermill.parameterize import parameterize_notebook

    notebook.metadata["papermill"] = {}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks at every cell's
    notebook.cells = parameterize_notebook(notebook, parameters).cells


def _attempt(notebook, folder, timeout, python):
    """Execute once; return the Outcome, and whether the kernel started."""
    from papermill.engines import papermill_engines

    notebook.metadata["papermill"] = {}
    try:
        papermill_engines.execute_notebook_with_engine(
            None, notebook, "python3", progress_bar=False, autosave_cell_every=0,
            execution_timeout=timeout, km=_kernel_manager(python), coalesce_streams=True,
            extra_arguments=["--log-level=40"],
            resources={"metadata": {"path": str(folder)}},
        )  # fmt: skip
    except Exception as failure:  # a kernel that died, a cell that took too long
        from nbclient.exceptions import DeadKernelError

        first = (str(failure).strip().splitlines() or [""])[0]
        # jupyter_client's words while it waits for a kernel's first answer, and only then
        stillborn = bool(re.match(r"Kernel (died before|didn't respond)", first))
        died = stillborn or isinstance(failure, DeadKernelError)
        message = f"{type(failure).__name__}: {first}"
        return Outcome(_error(None, message), str(failure), died), not stillborn
    finally:
        failed = [c for c in notebook.cells if _raised(c)]
        del notebook.metadata["papermill"]
    if not failed:
        return Outcome(), True
    output = next(o for o in failed[0].outputs if o.output_type == "error")
    message = f"{output.ename}: {output.evalue}"
    detail = "\n".join([failed[0].source, "-" * 70, *output.traceback])
    return Outcome(_error(failed[0].execution_count, message), detail), True


def _raised(cell):
    """Remove papermill's notes from a cell; return whether it raised."""
    return bool(cell.metadata.pop("papermill", {}).get("exception"))


def _error(cell, message):
    return {"cell": cell, "message": message}


def _kernel_manager(python):
    """Return a manager that starts kernels with another Python; None for this one."""
    if python is None:
        return None
    from jupyter_client import KernelManager
    from jupyter_client.kernelspec import KernelSpec

    manager = KernelManager()
    manager._kernel_spec = KernelSpec(
        argv=[str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python", language="python",
    )  # fmt: skip
    return manager


class KernelWatch:
    """Sample the memory and CPU time of this process's children until stopped."""

    def __init__(self, interval=0.2):
        import psutil

        self._me = psutil.Process()
        self._interval = interval
        self._peak, self._cpu = 0, {}
        self._start = time.monotonic()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self):
        import psutil

        while not self._end.wait(self._interval):
            total = 0
            for child in self._me.children(recursive=True):
                try:
                    total += child.memory_info().rss
                    times = child.cpu_times()
                    self._cpu[child.pid] = times.user + times.system
                except psutil.Error:
                    continue
            self._peak = max(self._peak, total)

    def stop(self):
        """Return wall and CPU seconds, and the peak resident memory in MB."""
        self._end.set()
        self._thread.join()
        return {
            "wall_s": round(time.monotonic() - self._start, 1),
            "cpu_s": round(sum(self._cpu.values()), 1),
            "peak_mb": round(self._peak / 1e6),
        }
