"""What `make lab` adds to JupyterLab: names for screen readers."""

from pathlib import Path

c = get_config()  # noqa: F821
c.LabApp.extra_labextensions_path = [str(Path(__file__).parent / "labextensions")]
