"""The one way to execute a notebook: papermill, in memory, watched if need be."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, replace

# Seconds that a cell's last output may come after its reply: on a busy machine more than
# the four that nbclient allows.
LATE_OUTPUT = 120


@dataclass(frozen=True)
class Failure:
    """What went wrong, in a line that starts with the cell.

    Args:
        cell: which of the notebook's own code cells it was, from 1 as Jupyter counts; None
            if it was none of them.
        message: one line.
    """

    cell: int | None
    message: str

    def __str__(self):
        return (
            self.message if self.cell is None else f"cell {self.cell}: {self.message}"
        )


@dataclass(frozen=True)
class Usage:
    """What an execution took: wall and CPU seconds, and the peak of resident memory."""

    wall_s: float
    cpu_s: float
    peak_mb: int


@dataclass(frozen=True)
class Outcome:
    """How an execution ended.

    Args:
        error: a Failure, or None.
        detail: all that is known of the error, traceback included.
        died: whether the kernel died or never answered.
        usage: a Usage where it was asked for.
    """

    error: Failure | None = None
    detail: str = ""
    died: bool = False
    usage: Usage | None = None


def run_notebook(
    notebook, *, folder, parameters=None, timeout=None, python=None, watch=False,
    first=None,
):  # fmt: skip
    """Execute a notebook's cells in a new kernel; the outputs land in the notebook.

    Args:
        notebook: the notebook as nbformat reads it; it is changed.
        folder: where the kernel runs.
        parameters: values that papermill sets behind the cell tagged ``parameters``.
        timeout: seconds that a cell may take; None means any number.
        python: the Python to run the kernel with; this one by default.
        watch: also measure time and memory.
        first: a line of code for the kernel to run before the first cell, in silence.

    Returns:
        An ``Outcome``. A failing cell, or a kernel that dies, raises nothing.
    """
    for cell in notebook.cells:  # what fails early leaves nothing of an earlier run
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if parameters:
        _inject(notebook, parameters)
    usage = KernelWatch() if watch else None
    outcome, started = _attempt(notebook, folder, timeout, python, first)
    if not started:
        # Two kernels that start at once may choose the same port, and one dies of it
        # (nteract/papermill#511). No cell has run, so nothing is run twice.
        outcome, _ = _attempt(notebook, folder, timeout, python, first)
    return replace(outcome, usage=usage.stop() if usage else None)


def _inject(notebook, parameters):
    """Let papermill put a cell with the parameters behind the one tagged so."""
    from papermill.parameterize import parameterize_notebook

    notebook.metadata["papermill"] = {}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks at every cell's
    notebook.cells = parameterize_notebook(notebook, parameters).cells


def _attempt(notebook, folder, timeout, python, first):
    """Execute once; return the Outcome, and whether the kernel started."""
    from papermill.engines import papermill_engines

    notebook.metadata["papermill"] = {}
    manager = _kernel_manager(python)
    before = [f"--IPKernelApp.exec_lines={first}"] if first else []
    try:
        papermill_engines.execute_notebook_with_engine(
            None, notebook, "python3", progress_bar=False, autosave_cell_every=0,
            execution_timeout=timeout, iopub_timeout=LATE_OUTPUT,
            km=manager, coalesce_streams=True,
            extra_arguments=["--log-level=50", *before],
            resources={"metadata": {"path": str(folder)}},
        )  # fmt: skip
    except Exception as failure:  # a kernel that died, a cell that took too long
        from nbclient.exceptions import DeadKernelError

        first = (str(failure).strip().splitlines() or [""])[0]
        # jupyter_client's words while it waits for a kernel's first answer, and only then
        stillborn = bool(re.match(r"Kernel (died before|didn't respond)", first))
        died = stillborn or isinstance(failure, DeadKernelError)
        message = f"{type(failure).__name__}: {first}"
        reached = [c for c in notebook.cells if _noted(c, "start_time")]
        error = Failure(_number(notebook, reached[-1:]), message)
        return Outcome(error, str(failure), died), not stillborn
    finally:
        if manager and manager.has_kernel:  # nbclient ends only kernels of its own
            manager.shutdown_kernel(now=True)
        failed = [c for c in notebook.cells if _noted(c, "exception")]
        for cell in notebook.cells:
            cell.metadata.pop("papermill", None)
        del notebook.metadata["papermill"]
    if not failed:
        return Outcome(), True
    output = next(o for o in failed[0].outputs if o.output_type == "error")
    message = f"{output.ename}: {output.evalue}"
    detail = "\n".join([failed[0].source, "-" * 70, *output.traceback])
    return Outcome(Failure(_number(notebook, failed), message), detail), True


def _noted(cell, key):
    """Return what papermill noted of a cell."""
    return cell.metadata.get("papermill", {}).get(key)


def _number(notebook, failed):
    """Return which code cell failed, from 1 as a learner's Jupyter counts; None for none.

    Neither empty cells nor the one with the injected parameters count.

    Args:
        failed: a list; its first cell is the one.
    """
    own = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and "injected-parameters" not in cell.metadata.get("tags", [])
    ]
    numbers = [n for n, cell in enumerate(own, 1) if failed and cell is failed[0]]
    return numbers[0] if numbers else None


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
        """Return the Usage so far."""
        self._end.set()
        self._thread.join()
        return Usage(
            wall_s=round(time.monotonic() - self._start, 1),
            cpu_s=round(sum(self._cpu.values()), 1),
            peak_mb=round(self._peak / 1e6),
        )
