// The kiosk: asks whether somebody is still there, looks how things go on, types with the keys on the screen, speaks.
// Pages do without it: they reload themselves, and the keys are buttons of the form.

// A page taken from the browser's memory is looked at again by the server, which knows whether the session lives.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// --- still there?
const question = document.getElementById("still-there");
if (question) {
  const { warn, idle, stay, goodbye } = question.dataset;
  const form = question.querySelector("[data-still]"), seconds = question.querySelector("[data-seconds]");
  const waiting = new URLSearchParams(location.search).has("wait");
  let seen = Date.now(), told = Date.now();
  const tell = () => { told = Date.now(); fetch(stay, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } }).catch(() => {}); };
  const alive = () => { if (question.open) return; seen = Date.now(); if (seen - told > 10000) tell(); };
  for (const kind of ["pointerdown", "keydown", "input", "wheel"]) addEventListener(kind, alive, { passive: true });
  const back = (event) => { event.preventDefault(); delete form.dataset.sent; question.close(); seen = Date.now(); tell(); };
  form.addEventListener("submit", back);
  question.addEventListener("cancel", back);
  // What a page that waited for a printer has already used up is not given again.
  if (waiting) { const began = Number(sessionStorage.getItem("kiosk-seen")); if (began) seen = began; }
  setInterval(() => {
    sessionStorage.setItem("kiosk-seen", String(seen));
    const gone = (Date.now() - seen) / 1000;
    if (gone >= idle) { sessionStorage.clear(); location.replace(goodbye); return; }
    if (gone >= warn && !question.open) question.showModal();
    if (question.open) seconds.textContent = String(Math.ceil(idle - gone));
  }, 500);
}

// --- pages that nobody stays on
for (const place of document.querySelectorAll("[data-leave][data-after]:not([data-poll])")) setTimeout(() => location.replace(place.dataset.leave), place.dataset.after * 1000);

// --- a code that a phone confirms, a paper that is printed
let going = false; // somebody pressed something: the answer to that counts, not what a look found meanwhile
addEventListener("submit", () => { going = true; });
for (const place of document.querySelectorAll("[data-poll]")) {
  const { poll, until, then, leave, after } = place.dataset, began = Date.now();
  const look = async () => {
    if (going) return;
    if (leave && Date.now() - began > after * 1000) { location.replace(leave); return; }
    try {
      const answer = await fetch(poll);
      if (going) return;
      if (answer.redirected || !answer.ok) { location.reload(); return; }
      const { state } = await answer.json();
      if (!going && state !== until) { location.replace(then); return; }
    } catch { /* the network comes back */ }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
}

// --- keys on the screen: into the field that was last in focus
const fields = "input[type=text], input[type=password], input:not([type])";
let field = document.querySelector(`main form ${fields.split(", ").join(", main form ")}`);
addEventListener("focusin", (event) => { if (event.target.matches(fields)) field = event.target; });
for (const keyboard of document.querySelectorAll("[data-keyboard]")) keyboard.hidden = !document.querySelector("form#form input[type=text], form#form input[type=password], #answer");
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-letter]");
  if (!key || !field) return;
  event.preventDefault();
  const letter = key.dataset.letter;
  field.value = letter === "clear" ? "" : letter === "back" ? field.value.slice(0, -1) : field.value + letter;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- results while typing
for (const form of document.querySelectorAll("[data-live]")) {
  let timer, asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      try {
        const answer = await fetch(`${form.action}?q=${encodeURIComponent(form.elements.q.value)}`);
        if (answer.redirected) { location.reload(); return; }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (mine === asked) document.getElementById("results").replaceChildren(...page.getElementById("results").childNodes);
      } catch { /* the button searches too */ }
    }, 250);
  });
}

// --- the voice: said again after loading, so that a screen reader hears a change; aloud where the browser can
const sentence = document.getElementById("spoken");
if (sentence) {
  const text = sentence.textContent;
  sentence.textContent = "";
  setTimeout(() => { sentence.textContent = text; }, 100);
  if ("aloud" in sentence.dataset && "speechSynthesis" in window) {
    const voice = new SpeechSynthesisUtterance(text);
    voice.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
    speechSynthesis.cancel();
    speechSynthesis.speak(voice);
  }
}
