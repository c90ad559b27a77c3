// Small conveniences that pages do without when JavaScript is off: focus on errors, shortcuts, sending once.
document.querySelector("[data-focus]")?.focus();

// A double click must not send a form twice; the server refuses the second anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

document.querySelector("[data-print]")?.addEventListener("click", () => print());

// Keys: data-key="y" on a link or button; never while typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("dialog")) target.open ? target.close() : target.showModal();
  else if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});

// A part of a page that was not answered says so and can be asked for again; what polls comes again by itself.
["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => document.addEventListener(name, (event) => {
  const asked = event.target.closest("[hx-trigger*='again']");
  if (!asked) return;
  asked.querySelector(":scope > .unanswered")?.remove();
  const note = document.getElementById("unanswered").content.firstElementChild.cloneNode(true);
  note.classList.add("unanswered");
  note.querySelector("button").addEventListener("click", () => { note.remove(); htmx.trigger(asked, "again"); });
  asked.prepend(note);
}));
