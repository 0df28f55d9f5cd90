// Keeps the draft of an assignment: on this device at once, on the server within two seconds; and
// sends files in pieces, which go on where they stopped.

const form = document.getElementById("work-form");
const says = form.dataset;
const store = `assignment/${says.key}`;
const state = document.getElementById("work-state");
const news = document.getElementById("work-news");
const PAUSE = 1000; // milliseconds from a change until it is sent: typing on does not put it off
const LONGEST_WAIT = 30000;

let wait = PAUSE;
let timer = 0;
let sending = false;
let stopped = false;

const named = (name) => form.elements.namedItem(name);
const links = () => Array.from(form.querySelectorAll("input[name=link]"));
const now = () => ({
  text: named("text")?.value ?? "",
  links: links().map((one) => one.value),
  seen: Number(named("seen").value),
});
const same = (one, other) =>
  one.text === other.text && JSON.stringify(one.links) === JSON.stringify(other.links);
const fill = (one) => {
  if (named("text")) named("text").value = one.text;
  links().forEach((field, n) => (field.value = one.links[n] ?? ""));
  count();
};
const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(store));
  } catch {
    return null;
  }
};
const keep = (one) => {
  try {
    if (one) localStorage.setItem(store, JSON.stringify(one));
    else localStorage.removeItem(store);
  } catch {
    // No room, or not allowed: what is on the page is still sent.
  }
};
const count = () => {
  const words = named("text")?.value.trim().split(/\s+/).filter(Boolean).length;
  if (named("text")) document.getElementById("words").textContent = says.words.replace("@@", words);
};
const clock = () =>
  new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
const headers = (more) => ({
  Accept: "application/json",
  "X-CSRFToken": named("csrf_token").value,
  ...more,
});

const later = (pause) => {
  if (!timer && !stopped) timer = setTimeout(send, pause);
};

// Sends what stands on the page; what was typed meanwhile is sent again. Never twice at once.
async function send() {
  clearTimeout(timer);
  timer = 0;
  if (sending) return later(PAUSE);
  const sent = now();
  const body = new FormData();
  for (const name of ["text", "page", "seen"]) body.append(name, named(name)?.value ?? "");
  for (const link of sent.links) body.append("link", link);
  sending = true;
  try {
    const answer = await fetch(`${form.action}/draft`, { method: "POST", headers: headers(), body });
    if (answer.status === 401 || answer.status === 400) {
      state.textContent = says.signedOut;
      return again();
    }
    if (answer.status === 409) return elsewhere();
    if (!answer.ok) throw new Error(String(answer.status));
    named("seen").value = (await answer.json()).revision;
    wait = PAUSE;
    if (same(sent, now())) {
      keep(null);
      state.textContent = says.saved.replace("@@", clock());
    } else later(PAUSE);
  } catch {
    state.textContent = says.kept;
    again();
  } finally {
    sending = false;
  }
}

const again = () => {
  wait = Math.min(wait * 2, LONGEST_WAIT);
  later(wait);
};
const elsewhere = () => {
  stopped = true;
  state.textContent = "";
  news.textContent = says.elsewhere;
  news.hidden = false;
};

form.addEventListener("input", (event) => {
  if (!["text", "link"].includes(event.target.name)) return;
  keep(now());
  count();
  if (!stopped) state.textContent = says.saving;
  later(PAUSE);
});
addEventListener("online", () => later(0));
addEventListener("visibilitychange", () => {
  if (kept()) later(0);
});
form.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault(); // the page would be lost: what is on it stays until there is a connection
  event.stopImmediatePropagation();
  delete form.dataset.sent;
  state.textContent = says.kept;
});

// What this device kept and could not send: put back if nobody has changed the draft since.
const left = kept();
if (left && !same(left, now()) && !document.getElementById("errors")) {
  if (left.seen === now().seen) {
    fill(left);
    later(0);
  } else {
    const offer = document.getElementById("put-back");
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", () => {
      fill(left);
      offer.hidden = true;
      later(0);
    });
  }
} else keep(null);
count();

const field = document.getElementById("file");
const arriving = document.getElementById("arriving");
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const fingerprint = async (file) => {
  if (!globalThis.crypto?.subtle) return null;
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

// Asks until there is an answer: a line that is cut comes back some time.
const asked = async (file, address, options) => {
  for (let pauses = 1000; ; pauses = Math.min(pauses * 2, LONGEST_WAIT)) {
    try {
      const answer = await fetch(address, options);
      if (answer.status < 500 && answer.status !== 401) return answer;
    } catch {
      // Asked again below.
    }
    arriving.textContent = says.again.replace("@name", file.name);
    await pause(pauses);
  }
};

const refused = async (answer) => {
  const told = await answer.json().catch(() => ({}));
  arriving.textContent = told.error ?? String(answer.status);
  return false;
};

async function bring(file) {
  const about = { name: file.name, size: file.size, sha256: await fingerprint(file) };
  const begun = await asked(file, field.dataset.address, {
    method: "POST",
    headers: headers({ "Content-Type": "application/json" }),
    body: JSON.stringify(about),
  });
  if (!begun.ok) return refused(begun);
  let here = await begun.json();
  const address = `/uploads/${here.key}`;
  while (!here.is_whole) {
    arriving.textContent = says.arriving
      .replace("@name", file.name)
      .replace("@@", Math.floor((100 * here.offset) / file.size));
    const piece = file.slice(here.offset, here.offset + Number(field.dataset.piece));
    const answer = await asked(file, address, {
      method: "PATCH",
      headers: headers({ "Upload-Offset": here.offset, "Content-Type": "application/octet-stream" }),
      body: piece,
    });
    if (!answer.ok && answer.status !== 409) return refused(answer);
    here = await answer.json(); // at 409 it says where to go on
  }
  return true;
}

field?.addEventListener("change", async () => {
  const files = Array.from(field.files);
  field.value = "";
  let all = true;
  for (const file of files) all = (await bring(file)) && all;
  if (!all) return;
  await send();
  if (!kept()) location.reload();
});
