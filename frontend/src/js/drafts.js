// <form data-draft="KEY"> keeps what was typed in this tab, over a reload and over an idle lock.
// The server says [data-draft-done="KEY"] (or the event draftdone) once it is stored for good.
const PREFIX = "xinqiao.draft:";
const user = () => document.body.dataset.user || "";
const keyOf = (form) => `${PREFIX}${user()}:${form.dataset.draft}`;
const kept = (field) =>
  field.name && !field.closest("[data-no-draft]") && !["hidden", "password", "file", "submit", "button"].includes(field.type);

function read(form) {
  return [...form.elements].filter(kept).map((field) => [field.name, field.value, field.checked === true]);
}

function write(form, entries) {
  const fields = [...form.elements].filter(kept);
  entries.forEach(([name, value, checked]) => {
    const same = fields.filter((field) => field.name === name);
    const isChoice = same.some((field) => field.type === "radio" || field.type === "checkbox");
    const field = isChoice ? same.find((one) => one.value === value) : same[0];
    if (!field) return;
    if (isChoice) field.checked = checked;
    else field.value = value;
  });
}

function restore(form) {
  const stored = sessionStorage.getItem(keyOf(form));
  if (!stored || form.querySelector("[aria-invalid=true]")) return;
  write(form, JSON.parse(stored));
  form.querySelectorAll("[data-draft-note]").forEach((note) => (note.hidden = false));
  form.dispatchEvent(new CustomEvent("draftrestored", { bubbles: true }));
}

function forgetOthers() {
  const mine = `${PREFIX}${user()}:`;
  if (user())
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX) && !key.startsWith(mine) && !key.startsWith(`${PREFIX}:`))
      .forEach((key) => sessionStorage.removeItem(key));
}

const forget = (key) => sessionStorage.removeItem(`${PREFIX}${user()}:${key}`);

function begin(root) {
  root.querySelectorAll("[data-draft-done]").forEach((mark) => forget(mark.dataset.draftDone));
  root.querySelectorAll("form[data-draft]").forEach(restore);
}

export function startDrafts() {
  forgetOthers();
  begin(document);
  addEventListener("htmx:load", (event) => begin(event.detail.elt.parentNode || document));
  addEventListener("draftdone", (event) => forget(event.detail.key || event.detail.value));
  addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.dataset.draft) sessionStorage.setItem(keyOf(form), JSON.stringify(read(form)));
  });
}
