// Polling (hx-trigger="every 2s") shows a quiet sign while the line is down, and takes it away by itself.
const show = (isDown) => document.querySelectorAll("[data-line-down]").forEach((sign) => (sign.hidden = !isDown));

export function watchLine() {
  ["htmx:sendError", "htmx:timeout", "offline"].forEach((name) => addEventListener(name, () => show(true)));
  addEventListener("htmx:afterRequest", (event) => event.detail.successful && show(false));
  addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 502 && show(true));
  addEventListener("online", () => show(false));
  // A redirect to the lock screen must replace the page, never be swapped into a panel.
  addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.getResponseHeader("X-Xinqiao-Locked")) location.reload();
    if (xhr.status === 409 || xhr.status === 422) event.detail.shouldSwap = true;
  });
}
