// Lets the page of an attempt be opened again without a connection: the last one that was seen.
const CACHE = "attempts";
const ATTEMPT = /^\/learn\/[^/]+\/quizzes\/[^/]+\/attempts\/\d+$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "GET" && request.mode === "navigate" && ATTEMPT.test(pathname)) {
    event.respondWith(page(request));
  } else if (request.method === "GET" && pathname.startsWith("/static/")) {
    event.respondWith(asset(request));
  }
});

async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(request.url, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

// Their names change with their content: one that is here is the one that is asked for.
async function asset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request.url, answer.clone());
  return answer;
}
