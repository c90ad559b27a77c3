// The window: the scan field keeps the focus for the card reader, the second screen follows the clerk's page.
const field = document.querySelector("[data-scan]");
if (field) {
  field.focus();
  // Only when a click left the focus nowhere: whoever types elsewhere is not disturbed, and whoever tabs past the
  // end of the page gets out (WCAG 2.1.2: no keyboard trap).
  let tabbed = false;
  document.addEventListener("keydown", (event) => { tabbed = event.key === "Tab"; });
  document.addEventListener("pointerdown", () => { tabbed = false; });
  document.addEventListener("focusout", () => setTimeout(() => { if (!tabbed && document.activeElement === document.body) field.focus(); }, 50));
}

const screenPart = document.querySelector("[data-screen]");
const follow = async () => {
  try {
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, cache: "no-store" });
    const text = answer.ok && !answer.redirected ? await answer.text() : null;
    if (text !== null && text !== screenPart.dataset.shown) { screenPart.innerHTML = text; screenPart.dataset.shown = text; }
  } catch { /* the network is away for a moment; the next look tries again */ }
};
if (screenPart) setInterval(follow, 2000);
