// Small behaviours that pages ask for by attribute.
const YEAR = 31536000;

async function copy(button) {
  await navigator.clipboard?.writeText(button.dataset.copy);
  const said = button.querySelector("[data-said]");
  if (!said) return;
  said.hidden = false;
  setTimeout(() => (said.hidden = true), 1500);
}

function openSheet(button) {
  const sheet = document.getElementById(button.dataset.sheet);
  // The iOS 14 WebView has no <dialog>; the attribute alone shows it there.
  sheet.showModal ? sheet.showModal() : sheet.setAttribute("open", "");
}

function closeSheet(button) {
  const sheet = button.closest("dialog");
  sheet.close ? sheet.close() : sheet.removeAttribute("open");
}

function switchType(button) {
  const isLarge = document.documentElement.classList.toggle("large");
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `type=${isLarge ? "large" : "normal"}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  button.setAttribute("aria-pressed", String(isLarge));
}

const CLICKS = [
  ["[data-copy]", copy],
  ["[data-sheet]", openSheet],
  ["[data-close]", closeSheet],
  ["[data-type-switch]", switchType],
  ["[data-print]", () => print()],
  ["[data-dismiss]", (button) => button.closest("[data-toast]").remove()],
];

function closeMenus(event) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
}

// <div data-when="outcome" data-is="connected call_later"> is there only for those answers.
function settle(part) {
  const form = part.closest("form");
  const chosen = [...form.elements].filter((field) => field.name === part.dataset.when && field.checked);
  part.hidden = !chosen.some((field) => part.dataset.is.split(" ").includes(field.value));
  part.querySelectorAll("input, select, textarea").forEach((field) => (field.disabled = part.hidden));
}

const settleAll = (root) => root.querySelectorAll("[data-when]").forEach(settle);

function dismissLater(root) {
  root.querySelectorAll("[data-toast]:not([data-timed])").forEach((toast) => {
    toast.dataset.timed = "1";
    setTimeout(() => toast.remove(), Number(toast.dataset.toast || 4) * 1000);
  });
}

export function startTouches() {
  addEventListener("click", (event) => {
    CLICKS.forEach(([selector, act]) => {
      const button = event.target.closest(selector);
      if (button) act(button);
    });
    closeMenus(event);
  });
  addEventListener("keydown", (event) => event.key === "Escape" && closeMenus({ target: null }));
  addEventListener("change", (event) => event.target.form && settleAll(event.target.form));
  addEventListener("draftrestored", (event) => settleAll(event.target));
  addEventListener("htmx:load", () => (settleAll(document), dismissLater(document)));
  addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
  });
  settleAll(document);
  dismissLater(document);
  document.querySelector("[data-focus]")?.focus();
}
