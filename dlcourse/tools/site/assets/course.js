/* What makes the pages answer without a kernel: figures, quizzes, and what is done.
   No framework, no request but for pictures of this site. */
(function () {
  "use strict";

  /* ── what is done, kept in this browser; a browser may forbid it ─────────── */
  var PREFIX = "dlcourse:";
  function recall(key) {
    try { return localStorage.getItem(PREFIX + key); } catch (error) { return null; }
  }
  function remember(key, value) {
    try { localStorage.setItem(PREFIX + key, value); } catch (error) { /* forbidden */ }
  }
  function forgetAll() {
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (key.indexOf(PREFIX) === 0) { localStorage.removeItem(key); }
      });
    } catch (error) { /* forbidden */ }
  }
  function make(tag, properties, parent) {
    var element = Object.assign(document.createElement(tag), properties);
    if (parent) { parent.appendChild(element); }
    return element;
  }

  /* ── interactive figures ─────────────────────────────────────────────────── */
  function figure(box, number) {
    var plan = JSON.parse(box.dataset.plan);
    var picture = box.querySelector("img");
    var first = picture.src;
    var state = plan.controls.map(function (control) { return control.start; });
    var inputs = [], outputs = [];
    var panel = make("div", { className: "course-controls" });
    box.insertBefore(panel, picture);

    function key(values) { return plan.index[values.join(",")]; }
    function address(place) {
      return plan.folder + "/" + String(place).padStart(2, "0") + ".webp";
    }
    function settle(moved) {
      // where not every combination was drawn: the others go back to their start
      if (key(state) !== undefined) { return true; }
      ["slider", "any"].forEach(function (kind) {
        if (key(state) !== undefined) { return; }
        state.forEach(function (_, i) {
          if (i !== moved && (kind === "any" || plan.controls[i].kind === "slider")) {
            state[i] = plan.controls[i].start;
          }
        });
      });
      return key(state) !== undefined;
    }
    function show(moved) {
      var drawn = settle(moved);
      plan.controls.forEach(function (control, i) {
        var label = control.values[state[i]];
        inputs[i].value = state[i];
        if (outputs[i]) {
          outputs[i].textContent = label;
          inputs[i].setAttribute("aria-valuetext", label);
        }
      });
      notice.textContent = drawn ? "" : "There is no figure for this value.";
      if (drawn) { picture.src = address(key(state)); }
    }

    plan.controls.forEach(function (control, i) {
      var id = "course-control-" + number + "-" + i;
      var row = make("div", { className: "course-control" }, panel);
      make("label", { htmlFor: id, textContent: control.name }, row);
      if (control.kind === "menu") {
        inputs[i] = make("select", { id: id }, row);
        control.values.forEach(function (label, place) {
          make("option", { value: place, textContent: label }, inputs[i]);
        });
      } else {
        inputs[i] = make("input", {
          id: id, type: "range", min: 0, max: control.values.length - 1, step: 1
        }, row);
        outputs[i] = make("output", { htmlFor: id }, row);
      }
      inputs[i].addEventListener("input", function () {
        state[i] = Number(inputs[i].value);
        show(i);
      });
    });
    var notice = make("p", { className: "course-note" }, box);
    notice.setAttribute("aria-live", "polite");
    if (plan.one_by_one) {
      make("p", {
        className: "course-note",
        textContent: "Here one slider moves at a time. In the notebook they all do."
      }, box);
    }
    show(0);
    picture.src = first;

    // the frames are fetched when the figure comes near, so that they follow at once
    function prepare() {
      var seen = {};
      Object.keys(plan.index).forEach(function (name) {
        var place = plan.index[name];
        if (!seen[place]) { seen[place] = new Image(); seen[place].src = address(place); }
      });
      box.frames = seen;
    }
    if ("IntersectionObserver" in window) {
      var watch = new IntersectionObserver(function (entries) {
        if (entries.some(function (entry) { return entry.isIntersecting; })) {
          watch.disconnect();
          prepare();
        }
      }, { rootMargin: "300px" });
      watch.observe(box);
    }
  }

  /* ── quizzes ─────────────────────────────────────────────────────────────── */
  function question(field) {
    var name = field.dataset.question;
    var reply = field.querySelector(".course-reply");
    var details = field.querySelector("details");
    var reasons = Array.from(details.querySelectorAll("li"));
    details.hidden = true;

    function answer(index) {
      var right = reasons[index].dataset.right === "1";
      reply.className = "course-reply " + (right ? "course-is-right" : "course-is-wrong");
      reply.textContent = "";
      make("strong", { textContent: right ? "✓ Right." : "✗ Not quite." }, reply);
      reply.appendChild(document.createTextNode(" "));
      reply.appendChild(reasons[index].querySelector("span").cloneNode(true));
      return right;
    }
    field.querySelectorAll("input").forEach(function (input, index) {
      input.addEventListener("change", function () {
        var right = answer(index);
        remember("choice:" + name, index);
        if (right) { remember("quiz:" + name, "right"); }
      });
    });
    var before = recall("choice:" + name);
    if (before !== null && reasons[before]) {
      field.querySelectorAll("input")[before].checked = true;
      answer(before);
    }
  }

  /* ── Where am I? ─────────────────────────────────────────────────────────── */
  function progress() {
    var opened = 0, right = 0, all = 0, next = null;
    document.querySelectorAll("tr[data-lesson]").forEach(function (row) {
      var number = row.dataset.lesson, count = Number(row.dataset.questions), good = 0;
      for (var i = 1; i <= count; i += 1) {
        good += recall("quiz:" + number + ".q" + i) === "right";
      }
      var visited = recall("visited:" + number) !== null;
      row.querySelector(".course-visited").textContent = visited ? "✓ opened" : "not yet";
      row.querySelector(".course-right").textContent =
        (good === count ? "✓ " : "") + good + " of " + count;
      opened += visited;
      right += good;
      all += count;
      if (!next && (!visited || good < count)) { next = row.querySelector("a"); }
    });
    var summary = document.getElementById("course-summary");
    summary.textContent = "Lessons opened: " + opened + ". Quiz questions right: " + right +
      " of " + all + ". ";
    if (next) {
      summary.appendChild(document.createTextNode("Next: "));
      make("a", { href: next.getAttribute("href"), textContent: next.textContent }, summary);
    }
    var reset = document.getElementById("course-reset");
    reset.hidden = false;
    reset.onclick = function () {
      forgetAll();
      progress();
    };
  }

  function start() {
    var page = location.pathname.split("/").pop().match(/^(\d\d)_\w+\.html$/);
    if (page) { remember("visited:" + page[1], "1"); }
    document.querySelectorAll(".course-explore").forEach(figure);
    document.querySelectorAll(".course-question").forEach(question);
    if (document.querySelector(".course-progress")) { progress(); }
  }
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
  // on paper everything is open
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".bd-article details:not([open])").forEach(function (fold) {
      fold.open = true;
      fold.dataset.opened = "1";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-opened]").forEach(function (fold) {
      fold.open = false;
      delete fold.dataset.opened;
    });
  });
})();
