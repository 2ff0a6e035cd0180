// Charts that can be explored: each image of a chart is put into the page as the drawing that it is, and whoever points at a mark
// of it, taps it or goes there by the arrow keys is told its sentence. Without this script the images stay, and the tables say the same.
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const ELEMENTS = new Set(["svg", "g", "path", "line", "rect", "circle", "text", "defs", "pattern"]);
  const ATTRIBUTES = new Set([
    "aria-hidden", "aria-label", "aria-roledescription", "class", "cx", "cy", "d", "dx", "dy", "fill", "fill-opacity", "font-family",
    "font-size", "font-weight", "height", "id", "opacity", "patternTransform", "patternUnits", "pointer-events", "r", "role", "rx", "ry",
    "stroke", "stroke-dasharray", "stroke-linecap", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "transform",
    "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
  ]);
  const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const LINGER = 200; // milliseconds in which the pointer gets from a mark to what is said of it

  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the mark's own name says the same
  let told = null;
  let leaving = 0;

  /** The drawing again, of what we know only: no script, no style, no address can come with it. */
  function copy(element) {
    if (element.namespaceURI !== SVG || !ELEMENTS.has(element.localName)) return null;
    const made = document.createElementNS(SVG, element.localName);
    for (const { name, value } of element.attributes) {
      if (ATTRIBUTES.has(name) && !/url\((?!#)/i.test(value)) made.setAttribute(name, value);
    }
    for (const child of element.childNodes) {
      const kept = child.nodeType === Node.ELEMENT_NODE ? copy(child) : child.nodeType === Node.TEXT_NODE ? child.data : null;
      if (kept !== null) made.append(kept);
    }
    return made;
  }

  function tell(mark) {
    clearTimeout(leaving);
    if (told === mark) return;
    forget();
    told = mark;
    mark.classList.add("chart-told");
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    const at = mark.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    const left = Math.min(Math.max(12, at.left + at.width / 2 - tip.offsetWidth / 2), wide - tip.offsetWidth - 12);
    const above = at.top - tip.offsetHeight - 6;
    tip.style.left = `${left + window.scrollX}px`;
    tip.style.top = `${(above < 6 ? Math.min(at.bottom + 6, window.innerHeight - tip.offsetHeight - 6) : above) + window.scrollY}px`;
  }

  function forget() {
    clearTimeout(leaving);
    if (told) told.classList.remove("chart-told");
    told = null;
    tip.hidden = true;
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(forget, LINGER);
  }

  /** One stop of the Tab key for the whole drawing; arrows, Home and End go from mark to mark. */
  function explorable(drawing) {
    const marks = [...drawing.querySelectorAll("[role=img][aria-label]")];
    marks.forEach((mark, place) => {
      mark.setAttribute("tabindex", place ? "-1" : "0");
      mark.addEventListener("pointerenter", () => tell(mark));
      mark.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
      mark.addEventListener("focus", () => tell(mark));
      mark.addEventListener("blur", leave);
      mark.addEventListener("keydown", (event) => {
        const to = event.key === "Home" ? 0 : event.key === "End" ? marks.length - 1 : place + (KEYS[event.key] || 0);
        if (to === place && !(event.key in KEYS)) return;
        event.preventDefault();
        if (!marks[to]) return;
        mark.setAttribute("tabindex", "-1");
        marks[to].setAttribute("tabindex", "0");
        marks[to].focus();
      });
    });
  }

  async function inline(figure) {
    const image = figure.querySelector("img");
    const address = new URL(image.currentSrc || image.src, document.baseURI);
    if (address.origin !== location.origin || figure.dataset.shown === address.href) return;
    figure.dataset.shown = address.href;
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected || figure.dataset.shown !== address.href) return;
    const source = (await answer.text()).replace(/<style>[^<]*<\/style>/, ""); // its fonts are the page's; even parsed it would be inline
    const root = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
    const drawing = root.localName === "svg" ? copy(root) : null;
    if (!drawing) return;
    asImage(figure);
    figure.dataset.shown = address.href;
    figure.classList.add("chart-inline");
    figure.querySelector("picture").after(drawing);
    explorable(drawing);
  }

  function asImage(figure) {
    figure.classList.remove("chart-inline");
    delete figure.dataset.shown;
    const drawing = figure.querySelector(".chart-picture");
    if (drawing) drawing.remove();
  }

  document.body.append(tip);
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => event.key === "Escape" && forget());
  document.addEventListener("pointerdown", (event) => event.target.closest(".chart-picture [role=img], .chart-tip") || forget());

  function offer(figure) {
    const image = figure.querySelector("img");
    const show = () => inline(figure).catch(() => asImage(figure));
    const showLoaded = () => image.complete && image.naturalWidth && show();
    image.addEventListener("load", show);
    showLoaded();
    for (const source of figure.querySelectorAll("source")) {
      matchMedia(source.media).addEventListener("change", () => {
        asImage(figure); // hidden, a lazy image would not load the picture for the other width
        requestAnimationFrame(() => requestAnimationFrame(showLoaded));
      });
    }
  }

  document.querySelectorAll("figure.chart").forEach(offer);
  document.addEventListener("fresh", (event) => event.target.querySelectorAll("figure.chart").forEach(offer)); // a part came anew
})();
