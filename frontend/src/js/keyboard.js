// ↑↓ move, → opens, F2 dials, / searches, Ctrl+Enter saves. Silent while composing.
import { isComposing } from "./composing.js";

const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");
const press = (selector) => document.querySelector(selector)?.click();

function move(step) {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent);
  const here = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, here + step))];
  if (next) select(next);
}

function select(row) {
  row.closest("[data-list]").querySelectorAll("[aria-selected=true]").forEach((old) => old.removeAttribute("aria-selected"));
  row.setAttribute("aria-selected", "true");
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
}

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  ArrowRight: () => press("[data-row][aria-selected=true] [data-open]"),
  "/": () => document.querySelector("[data-search]")?.focus(),
};

function submitQuick(target) {
  const form = target.closest("form[data-quick]") || document.querySelector("form[data-quick]");
  // The first button, wherever it stands, so that what it says (保存并下一位) is sent too.
  [...(form?.elements || [])].find((one) => one.type === "submit")?.click();
}

function onKey(event) {
  if (isComposing(event) || event.altKey || event.metaKey) return;
  let act = null;
  if (event.key === "F2") act = () => press("[data-dial]");
  else if (event.key === "Enter" && event.ctrlKey) act = () => submitQuick(event.target);
  else if (!event.ctrlKey && !event.shiftKey && !isTyping(event.target)) {
    const isMenu = event.target.closest("[role=radiogroup], [role=tablist], dialog");
    act = isMenu ? null : document.querySelector("[data-list]") || event.key === "/" ? KEYS[event.key] : null;
  }
  if (!act) return;
  event.preventDefault();
  act();
}

// A list that is polled comes back whole: the row that was picked stays picked.
let picked = null;
const opens = (row) => row?.querySelector("[data-open]")?.getAttribute("href");

function keepPicked() {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")];
  if (!picked || rows.some((row) => row.getAttribute("aria-selected") === "true")) return;
  rows.find((row) => opens(row) === picked)?.setAttribute("aria-selected", "true");
}

export function startKeyboard() {
  addEventListener("htmx:beforeSwap", () => (picked = opens(document.querySelector("[data-row][aria-selected=true]"))));
  addEventListener("htmx:afterSwap", keepPicked);
  addEventListener("keydown", onKey);
  addEventListener("click", (event) => {
    const row = event.target.closest("[data-list] [data-row]");
    if (!row) return;
    select(row);
    if (!event.target.closest("a, button, input, label")) row.querySelector("[data-open]")?.click();
  });
}
