// Names for screen readers that JupyterLab leaves out: a picture's description stands in
// its output's metadata, a slider's name beside it, a quiz button's state in its class.

function describePictures(app) {
  for (const panel of app.shell.widgets("main")) {
    for (const cell of panel.content?.widgets ?? []) {
      const area = cell.outputArea;
      area?.widgets.forEach((output, index) => {
        const alt = area.model.get(index)?.metadata?.["image/png"]?.alt;
        if (!alt) return;
        for (const image of output.node.querySelectorAll("img:not([alt])")) {
          image.alt = alt;
        }
      });
    }
  }
}

function nameControls() {
  for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".widget-slider")?.querySelector(".widget-label");
    if (label?.textContent) handle.setAttribute("aria-label", label.textContent);
  }
  for (const button of document.querySelectorAll(".widget-toggle-buttons button")) {
    const pressed = String(button.classList.contains("mod-active"));
    if (button.getAttribute("aria-pressed") !== pressed) {
      button.setAttribute("aria-pressed", pressed);
    }
  }
}

const plugin = {
  id: "dlcourse-accessible:plugin",
  autoStart: true,
  activate: app => {
    let waiting = false;
    const mend = () => {
      waiting = false;
      describePictures(app);
      nameControls();
    };
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      setTimeout(mend, 200);
    }).observe(document.body, {
      subtree: true, childList: true, attributes: true, attributeFilter: ["class"],
    });
  },
};

// What JupyterLab expects of a prebuilt extension; no bundler is needed for one file.
window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB["dlcourse-accessible"] = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
