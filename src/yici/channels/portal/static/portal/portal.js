// Suggestions while typing, and a form that saves itself and says so.
const later = (act, wait) => { let timer; return () => { clearTimeout(timer); timer = setTimeout(act, wait); }; };

for (const box of document.querySelectorAll("[data-suggest]")) {
  const list = document.getElementById(box.getAttribute("aria-controls"));
  let asked = 0, active = -1;
  const close = () => { list.replaceChildren(); box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); active = -1; };
  const suggest = later(async () => {
    const mine = ++asked, text = box.value.trim();
    if (!text) return close();
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || mine !== asked) return;
      list.innerHTML = await answer.text();
      active = -1; box.setAttribute("aria-expanded", String(list.children.length > 0));
    } catch { close(); }
  }, 120);
  box.addEventListener("input", suggest);
  box.addEventListener("keydown", (event) => {
    const options = [...list.querySelectorAll("[role=option]")];
    if (event.key === "Escape") return close();
    if (event.key === "Enter" && active >= 0) { event.preventDefault(); options[active].querySelector("a").click(); return; }
    if (!options.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    active = (active + (event.key === "ArrowDown" ? 1 : options.length - 1) + (active < 0 && event.key === "ArrowUp" ? 1 : 0)) % options.length;
    options.forEach((option, index) => { option.setAttribute("aria-selected", String(index === active)); option.classList.toggle("active", index === active); });
    box.setAttribute("aria-activedescendant", options[active].id);
  });
}

for (const form of document.querySelectorAll("[data-autosave]")) {
  const status = form.querySelector("[data-save-status]");
  let dirty = false, running = false;
  const say = (state, text) => { status.dataset.state = state; status.textContent = text; };
  const again = later(() => save(), 800);
  const save = async () => {
    if (running) return again();
    running = true; dirty = false; say("saving", form.dataset.saving);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form) });
      const told = await answer.json();
      if (told.saved) { form.elements.version.value = told.version; say("saved", `${form.dataset.saved} ${new Date().toLocaleTimeString()}`); }
      else say("failed", told.sentence);
    } catch { dirty = true; say("failed", form.dataset.failed); setTimeout(save, 5000); }
    running = false;
  };
  form.addEventListener("input", () => { dirty = true; again(); });
  form.addEventListener("submit", (event) => {
    dirty = false;
    if (!running) return;
    // The save under way changes the version: wait for it, then send.
    event.preventDefault(); delete form.dataset.sent;
    const button = event.submitter, wait = setInterval(() => { if (!running) { clearInterval(wait); form.requestSubmit(button); } }, 50);
  });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
