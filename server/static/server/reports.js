// Tells how far the papers are that are being made, and loads the page again when one is done. Without it, the page loads itself again.
"use strict";
(() => {
  const SECONDS = 1.5;

  const look = async (line) => {
    let now;
    try {
      const response = await fetch(line.dataset.progress, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) return;
      now = await response.json();
    } catch {
      return; // no network: the next time
    }
    if (now.state === "made" || now.state === "failed") {
      location.assign(line.closest("[data-report]").dataset.report);
      return;
    }
    line.querySelector("progress").value = now.percent;
    line.querySelector("[data-percent]").textContent = now.percent;
  };

  setInterval(() => document.querySelectorAll("[data-progress]").forEach(look), SECONDS * 1000);
})();
