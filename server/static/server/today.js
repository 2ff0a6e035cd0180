// Keeps the page of today fresh: once a minute it asks for the page again and puts in what changed, without moving anybody's
// place, focus or selection (WCAG 2.2.1, 2.2.2, 2.2.4), and without a word to a screen reader. It can be paused. Without this
// script the page says when it was made, and is loaded again by hand.
"use strict";
(() => {
  const SECONDS = 60;
  const KEPT = "hailong-paused";
  const parts = document.querySelectorAll("[data-fresh]");
  const said = new Map([...parts].map((part) => [part.dataset.fresh, part.innerHTML])); // before charts.js draws into it
  const button = document.querySelector("[data-fresh-switch]");
  let paused = localStorage.getItem(KEPT) === "yes";

  const show = () => {
    button.hidden = false;
    button.textContent = paused ? "Tiếp tục tự cập nhật" : "Tạm dừng tự cập nhật";
  };

  const inUse = (part) => {
    const selection = document.getSelection();
    return part.contains(document.activeElement) || (selection && !selection.isCollapsed && selection.containsNode(part, true));
  };

  const freshen = async () => {
    if (paused || document.hidden) return;
    let page;
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) return;
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      return; // no network: the time on the page says how old it is
    }
    for (const part of document.querySelectorAll("[data-fresh]")) {
      const fresh = page.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
      if (!fresh || fresh.innerHTML === said.get(part.dataset.fresh) || inUse(part)) continue;
      said.set(part.dataset.fresh, fresh.innerHTML);
      part.replaceWith(fresh);
      fresh.dispatchEvent(new Event("fresh", { bubbles: true }));
    }
  };

  button.addEventListener("click", () => {
    paused = !paused;
    localStorage.setItem(KEPT, paused ? "yes" : "no");
    show();
    freshen();
  });
  show();
  setInterval(freshen, SECONDS * 1000);
})();
