// What every page gains from a script; each page works without it.
"use strict";

// A form leaves once. A doubled click, an impatient Enter: the second one is dropped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
  setTimeout(() => release(form), 8000); // a download leaves the page in place
});
function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// Keys 1 to 9 choose a card, while the focus is inside the form (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  const isTyping = at.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  const cards = at.closest("[data-cards]") || at.closest("form")?.querySelector("[data-cards]");
  const choice = cards?.querySelectorAll("input")[event.key - 1];
  choice?.focus();
  choice?.click();
});

// The language link keeps the place on the page and lets a draft be saved first.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-language]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  sessionStorage.setItem("jalon:scroll", scrollY);
  const waits = [];
  document.dispatchEvent(new CustomEvent("jalon:leaving", { detail: waits }));
  if (!waits.length) return;
  event.preventDefault();
  Promise.allSettled(waits).then(() => location.assign(link.href));
});
const scrolled = sessionStorage.getItem("jalon:scroll");
sessionStorage.removeItem("jalon:scroll");
if (scrolled) scrollTo(0, Number(scrolled));

// Words of a long text, counted as the server counts them.
const plural = new Intl.PluralRules(document.documentElement.lang);
const number = new Intl.NumberFormat(document.documentElement.lang);
function showCount(line) {
  const area = document.getElementById(line.dataset.countOf);
  const count = area.value.split(/\s+/).filter((piece) => /[\p{L}\p{N}_]/u.test(piece)).length;
  line.textContent = line.dataset[plural.select(count) === "one" ? "one" : "other"].replace("{count}", number.format(count));
}
document.querySelectorAll("[data-count-of]").forEach((line) => {
  document.getElementById(line.dataset.countOf).addEventListener("input", () => showCount(line));
  showCount(line);
});

// Signing out: a text that the server has not confirmed is named before it is left behind.
document.addEventListener("submit", (event) => {
  const say = event.target.dataset.signOut;
  if (say === undefined || !Object.keys(localStorage).some((key) => key.startsWith("jalon:draft:")) || confirm(say)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.querySelector(".errors")?.focus();
