"""Interactive figures, each with a static frame that needs no kernel.

Displayed is one MIME bundle: a live widget for JupyterLab and Colab, and beside it a
picture or text that GitHub, nbconvert and print show. Only calls that ipywidgets 7.7
and 8 share are used.
"""

from __future__ import annotations

import base64
import html
import inspect

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def explore(figure_function, *, alt, **sliders):
    """Show a figure with a slider for each of its parameters.

    Args:
        figure_function: draws one matplotlib figure; every parameter that has a slider
            needs a default, with which the first (and the static) frame is drawn.
        alt: the figure in words, for those who cannot see it.
        **sliders: per parameter, ``(low, high)`` or ``(low, high, step)`` for a slider, or
            a list of options for a menu, or a string, the hint in a text box that
            redraws when Enter is pressed. The function gets the text on one line of at most
            1,000 printable characters, whatever was typed.
    """
    first = _draw(figure_function, _defaults(figure_function, sliders))
    bundle = {"image/png": first, "text/plain": f"[interactive figure] {alt}"}
    box = _explorer(figure_function, sliders, first, alt)
    show_bundle(bundle, box, metadata={"image/png": {"alt": alt}})


def _explorer(figure_function, sliders, first, alt=""):
    """Return the box of controls over the picture they redraw, and room for an error."""
    import ipywidgets as w

    picture, notice = w.HTML(_picture_html(first, alt)), w.HTML()
    defaults = _defaults(figure_function, sliders)
    controls = {
        name: _control(name, spec, defaults[name]) for name, spec in sliders.items()
    }

    def redraw(_change):
        values = {name: control.value for name, control in controls.items()}
        for name, spec in sliders.items():
            if isinstance(spec, str):
                text = values[name][:1000]
                values[name] = "".join(c if c.isprintable() else " " for c in text)
        try:
            picture.value = _picture_html(_draw(figure_function, values), alt)
            notice.value = ""
        except Exception as error:  # a learner's function may raise anything
            notice.value = _notice_html(error)

    for control in controls.values():
        control.observe(redraw, names="value")
    return w.VBox(
        [*controls.values(), picture, notice], layout={"align_items": "flex-start"}
    )


def _picture_html(png, alt):
    """Return a picture with its description: ipywidgets' own Image has no room for one.

    Width and height stand in the PNG's first bytes; with them the page does not jump.
    """
    width, height = (int.from_bytes(png[i : i + 4], "big") for i in (16, 20))
    return (
        f'<img alt="{html.escape(alt)}" width="{width}" height="{height}"'
        ' style="max-width: 100%; height: auto"'
        f' src="data:image/png;base64,{base64.b64encode(png).decode()}">'
    )


def _notice_html(error):
    reason = html.escape(f"{type(error).__name__}: {error}"[:300])
    return (
        f"<div role='alert' style='line-height: 1.5'>⚠ No figure for these values"
        f" ({reason}): above is still the last one; choose other values.</div>"
    )


def _control(name, spec, value):
    """Return the slider, menu or box for one parameter."""
    import ipywidgets as w

    look = {
        "description": name.replace("_", " "),
        "style": {"description_width": "130px"},
        "layout": {"width": "440px", "max_width": "100%"},
    }
    if isinstance(spec, list):
        return w.Dropdown(options=spec, value=value, **look)
    if isinstance(spec, str):
        return w.Text(value, placeholder=spec, continuous_update=False, **look)
    low, high, *step = spec
    if all(isinstance(number, int) for number in (*spec, value)):
        return w.IntSlider(value, low, high, *step, **look)
    step = step[0] if step else (high - low) / 50
    return w.FloatSlider(value=value, min=low, max=high, step=step, **look)


def _defaults(figure_function, sliders):
    parameters = inspect.signature(figure_function).parameters
    missing = [
        name
        for name in sliders
        if name not in parameters or parameters[name].default is inspect.Parameter.empty
    ]
    if missing:
        raise ValueError(
            f"explore() needs a default value for the parameter {missing[0]!r} of"
            f" {figure_function.__name__}: the first frame is drawn with it."
        )
    return {name: parameters[name].default for name in sliders}


def _draw(figure_function, values):
    """Return the figure that the function draws, as PNG bytes."""
    import matplotlib.pyplot as plt

    from .plots import figure_png

    try:
        return figure_png(figure_function(**values) or plt.gcf())
    finally:
        plt.close("all")  # after an error, too: the next frame starts clean


def show_bundle(bundle, box, metadata=None):
    """Display a static MIME bundle, and the live widget where a frontend can show it."""
    from .plots import display_bundle

    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    display_bundle({WIDGET_VIEW: view, **bundle}, metadata)


def drop_widget_views(notebook):
    """Take the live widgets out of a notebook's outputs; what stands beside them is shown.

    A frontend prefers a widget to the picture or text beside it, and without its kernel
    would show "model not found" or nothing in its place.

    Args:
        notebook: the notebook as nbformat or the server holds it; it is changed.
    """
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if len(data) > 1:
                data.pop(WIDGET_VIEW, None)
