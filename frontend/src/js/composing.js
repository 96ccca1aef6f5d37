// Under a Chinese input method Enter confirms a candidate; it must never submit then.
let isOpen = false;
let closedAt = 0;

/** Says whether a key press belongs to the input method. Safari closes the composition before its Enter. */
export function isComposing(event) {
  return isOpen || event.isComposing || event.keyCode === 229 || event.timeStamp - closedAt < 60;
}

export function guardComposition() {
  addEventListener("compositionstart", () => (isOpen = true), true);
  addEventListener("compositionend", (event) => ((isOpen = false), (closedAt = event.timeStamp)), true);
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isComposing(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
  addEventListener("submit", (event) => {
    if (isOpen) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
}
