/* The search's excerpts: under each result a few words around what was found, and a link to
   the section they stand in. The texts come as a script, which works from a disk, too. */
(function () {
  "use strict";
  var BEFORE = 90, LENGTH = 260;
  var query = new URLSearchParams(location.search).get("q");
  var output = document.getElementById("search-results");
  if (!query || !output) { return; }

  /* each word as it was typed, or without its ending; and the words in a row */
  var stemmer = new Stemmer();
  var typed = splitQuery(query.toLowerCase());
  function pattern(text) {
    return new RegExp("(?<![\\p{L}\\p{N}])" + text, "giu");
  }
  var words = typed.map(function (word) {
    return [pattern(word + "(?![\\p{L}\\p{N}])"), pattern(stemmer.stemWord(word))];
  });
  var row = pattern(typed.join("[^\\p{L}\\p{N}]+"));

  /* all places of the words in a text: where, how long, which word */
  function places(text) {
    var found = [];
    words.forEach(function (forms, word) {
      var matches = [];
      forms.forEach(function (form) {
        if (!matches.length) { matches = Array.from(text.matchAll(form)); }
      });
      matches.forEach(function (match) {
        found.push({ at: match.index, end: match.index + match[0].length, word: word });
      });
    });
    return found.sort(function (a, b) { return a.at - b.at; });
  }
  function kinds(found) {
    return new Set(found.map(function (place) { return place.word; })).size;
  }

  /* of the section that the result names, or the first that says most about the words: many
     hits in a later one do not outweigh the place where a term is introduced */
  function best(sections, anchor) {
    var chosen = null;
    sections.forEach(function (section) {
      if (!section[2] || (anchor && section[0] !== anchor)) { return; }
      var found = places(section[2]);
      if (!found.length && !anchor) { return; }
      var weight = 10 * kinds(found) + 5 * kinds(places(section[1])) +
        Math.min(found.length, 3) + 20 * (section[2].search(row) >= 0);
      if (!chosen || weight > chosen.weight) {
        chosen = { section: section, found: found, weight: weight };
      }
    });
    return chosen;
  }

  function excerpt(text, found) {
    // from the words in a row, or where most of them stand near each other
    var first = text.search(row), most = 0;
    if (first < 0) {
      first = 0;
      found.forEach(function (place) {
        var near = kinds(found.filter(function (other) {
          return other.at >= place.at && other.end < place.at + LENGTH - BEFORE;
        }));
        if (near > most) { most = near; first = place.at; }
      });
    }
    var start = Math.max(first - BEFORE, 0);
    if (start) { start = text.indexOf(" ", start) + 1; }
    var end = start + LENGTH;
    end = end < text.length ? Math.max(text.lastIndexOf(" ", end), first + 1) : text.length;
    var paragraph = document.createElement("p"), at = start;
    paragraph.className = "context";
    if (start) { paragraph.append("… "); }
    found.forEach(function (place) {
      if (place.at < at || place.end > end) { return; }
      paragraph.append(text.slice(at, place.at));
      at = place.end;
      var mark = document.createElement("mark");
      mark.textContent = text.slice(place.at, at);
      paragraph.append(mark);
    });
    paragraph.append(text.slice(at, end) + (end < text.length ? " …" : ""));
    return paragraph;
  }

  function explain(item, texts) {
    var link = item.querySelector("a");
    if (!link || item.querySelector(".context")) { return; }
    var address = link.getAttribute("href").split("#");
    var page = texts[address[0].replace(/\.html$/, "")] || [];
    var chosen = best(page, address[1]);
    if (!chosen) { return; }
    var paragraph = excerpt(chosen.section[2], chosen.found);
    if (!address[1] && chosen.section !== page[0]) {
      var there = document.createElement("a");
      there.href = address[0] + "#" + chosen.section[0];
      there.textContent = chosen.section[1];
      paragraph.prepend(there, ": ");
    }
    item.append(paragraph);
  }

  window.courseSearchTexts = function (texts) {
    function all() {
      output.querySelectorAll("li").forEach(function (item) { explain(item, texts); });
    }
    new MutationObserver(all).observe(output, { childList: true, subtree: true });
    all();
  };
  document.body.append(Object.assign(document.createElement("script"),
    { src: "searchtexts.js" }));
})();
