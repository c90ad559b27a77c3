// Checks the signature of a licence's QR code in the browser (WebCrypto, ECDSA P-256). Nothing is sent anywhere.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const opened = async (text, jwk) => {
  const [version, payload, signature, ...more] = text.split(".");
  if (version !== "y1" || !payload || !signature || more.length) return null;
  try {
    const key = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    const raw = bytes(payload);
    if (!(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(signature), raw))) return null;
    const [identifier, name, holder, issued, until] = JSON.parse(new TextDecoder().decode(raw));
    return { identifier, name, holder, issued, until };
  } catch { return null; }
};

const dayWords = (text) => text && new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));
// The last day of validity is a day in China, wherever the phone is.
const todayInChina = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());

const show = async (section) => {
  const text = decodeURIComponent(location.hash.slice(1)), told = section.dataset, facts = section.querySelector("[data-facts]");
  section.hidden = !text.startsWith("y1.");
  document.querySelector("[data-without-code]")?.toggleAttribute("hidden", !section.hidden);
  if (section.hidden) return;
  const verdict = section.querySelector("[data-verdict]");
  const say = (kind, words) => { verdict.className = `note ${kind}`; verdict.textContent = words; };
  facts.hidden = true;
  if (!globalThis.crypto?.subtle) return say("warn", told.cannot);
  const stated = await opened(text, JSON.parse(told.keyJwk));
  if (!stated) return say("bad", told.changed);
  if (told.identifier && told.identifier !== stated.identifier) return say("bad", told.other);
  const shown = { ...stated, issued: dayWords(stated.issued), until: stated.until ? dayWords(stated.until) : told.noExpiry };
  for (const cell of facts.querySelectorAll("[data-fact]")) cell.textContent = shown[cell.dataset.fact];
  facts.hidden = false;
  if (stated.until && stated.until < todayInChina()) say("bad", told.expired);
  else say("good", told.genuine);
};

for (const section of document.querySelectorAll("[data-code]")) {
  show(section);
  addEventListener("hashchange", () => show(section));
}
