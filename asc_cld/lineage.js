// Filters the sections and opens the one that the address names. Without it all can be read.
(function () {
  "use strict";
  var box = document.getElementById("find"), said = document.getElementById("found");
  var sections = Array.prototype.slice.call(document.querySelectorAll("details.way"));
  var groups = Array.prototype.slice.call(document.querySelectorAll("section.group"));
  document.getElementById("search").hidden = false;

  function filter() {
    var words = box.value.toLowerCase().split(/[\s_]+/).filter(Boolean), left = 0;
    sections.forEach(function (section) {
      var text = section.getAttribute("data-words");
      var fits = words.every(function (word) { return text.indexOf(word) >= 0; });
      section.hidden = !fits;
      left += fits ? 1 : 0;
    });
    groups.forEach(function (group) { group.hidden = !group.querySelector("details.way:not([hidden])"); });
    said.textContent = !words.length ? "" : left === 1 ? "1 entry fits." : left + " entries fit.";
  }

  function open() {
    var name;
    try { name = decodeURIComponent(location.hash.slice(1)); } catch (error) { name = location.hash.slice(1); }
    var plain = name.toLowerCase().replace(/[^a-z0-9=.]+/g, "_");
    var target = document.getElementById(name) || Array.prototype.filter.call(
      document.querySelectorAll("[data-place]"),
      function (place) { return place.id.toLowerCase().replace(/[^a-z0-9=.]+/g, "_") === plain; }
    )[0];
    var section = target && target.closest("details");
    if (!section) { return; }
    if (section.hidden) { box.value = ""; filter(); }
    section.open = true;
    target.scrollIntoView();
  }

  box.addEventListener("input", filter);
  box.addEventListener("keydown", function (event) {
    var first = document.querySelector("details.way:not([hidden])");
    if (event.key === "Enter" && box.value && first) {
      event.preventDefault();
      location.hash = "#" + first.querySelector("[data-place]").id;
    }
  });
  window.addEventListener("hashchange", open);
  filter();
  open();
})();
