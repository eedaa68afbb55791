// Keys and live notes; every page works without this file.
"use strict";

const typing = (target) => target.closest("input, textarea, select") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target)) return;
  if (event.key === "?") { document.getElementById("keys")?.showModal(); return; }
  const list = document.querySelector("[data-list]");
  if (list && (event.key === "j" || event.key === "k")) {
    const rows = [...list.querySelectorAll("a.row")];
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1)]?.focus();
    return;
  }
  const meant = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!meant) return;
  event.preventDefault();
  if (meant.tagName === "SUMMARY") {
    const folded = meant.parentElement;
    folded.open = true;
    folded.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
  } else if (meant.tagName === "INPUT") meant.focus();
  else meant.click();
});

// A form is sent once, however often it is pressed.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

const presence = document.getElementById("presence");
const look = async () => {
  const response = await fetch(presence.dataset.url, {
    method: "POST", body: new URLSearchParams({ token: presence.dataset.token }),
  });
  if (!response.ok) return;
  const { others, version } = await response.json();
  const notes = [];
  if (others.length) notes.push(`${presence.dataset.others} ${others.join(", ")}`);
  if (version !== presence.dataset.version) notes.push(presence.dataset.changed);
  presence.textContent = notes.join(" · ");
  presence.hidden = notes.length === 0;
};
if (presence) { look(); setInterval(look, 10000); }
