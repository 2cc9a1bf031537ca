"""What `make lab` adds to the server: notebooks are saved so that they can be read again.

A widget lives as long as its kernel. Saved beside its picture or text, it would be
shown first on the next day, as "Error displaying widget: model not found".
"""

from dlcourse.figures import drop_widget_views


def pre_save_hook(model, **_):
    content = model.get("content")
    if model["type"] != "notebook" or not content:
        return
    if "widgets" not in content.get("metadata", {}):  # whoever saves them has them back
        drop_widget_views(content)


c = get_config()  # noqa: F821
c.ContentsManager.pre_save_hook = pre_save_hook
