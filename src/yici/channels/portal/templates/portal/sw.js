// Keeps the verify page and the look for moments without a network; nothing personal is ever kept.
const NAME = "yici-{{ version }}", KEEP = {{ keep|safe }};
addEventListener("install", (event) => event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEEP)).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)))).then(() => clients.claim())));
addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/static/")) event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  else if (address.pathname.startsWith("/verify")) event.respondWith(fetch(event.request).catch(() => caches.match("/verify/offline")));
});
