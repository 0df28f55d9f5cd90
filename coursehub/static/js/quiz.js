// Keeps every answer on this device the moment it changes, and on the server as soon as it can.
//
// A change has a name (event), a moment by the server's clock, and the fields of its question. It is
// stored here before it is sent, and stays until the server says that it has it. Sent twice or out
// of order, it is one change; of several devices the newest counts.

const form = document.getElementById("quiz");
const says = form.dataset;
const store = `quiz/${says.key}`;
const ends = Number(says.ends);
const state = document.getElementById("quiz-state");
const news = document.getElementById("quiz-news");
const PAUSE = 800; // milliseconds without typing after which a change is sent
const LONGEST_WAIT = 30000;

let wait = 1000;
let timer = 0;
let sending = false;
let over = false;

const read = (key, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const write = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // No room, or not allowed: what is on the page is still sent.
  }
};
const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
const device = read("quiz/device", null) ?? uuid();
write("quiz/device", device);

// How far the server's clock is ahead of this one. A page that was kept here for reading without a
// connection says the hour at which it was kept: what was worked out then still holds.
const drawn = Number(says.now);
const clocks = read(`${store}/clock`, {});
const ahead = clocks.drawn === drawn ? clocks.ahead : drawn - Date.now();
write(`${store}/clock`, { drawn, ahead });

// What waits to be sent, and what is known of each question, by its id.
let waiting = read(store, {});
const shown = read(`${store}/known`, {});
const show = (one) => {
  shown[one.question] = one;
  write(`${store}/known`, shown);
};

const block = (key) => form.querySelector(`.ch-q[data-question="${CSS.escape(key)}"]`);
const controls = (key) =>
  Array.from(block(key)?.querySelectorAll("input,select,textarea") ?? []).filter(
    (one) => one.name === key || one.name.startsWith(`${key}.`),
  );
const flag = (key) => form.elements.namedItem(`flag.${key}`);

const fieldsOf = (key) => {
  const fields = {};
  for (const one of controls(key)) {
    if ((one.type === "radio" || one.type === "checkbox") && !one.checked) continue;
    if (!one.value.trim()) continue;
    const name = one.name.slice(key.length).replace(/^\./, "");
    (fields[name] ??= []).push(one.value);
  }
  return fields;
};

const fill = (key, fields, flagged) => {
  if (!block(key)) return;
  for (const one of controls(key)) {
    const values = fields[one.name.slice(key.length).replace(/^\./, "")] ?? [];
    if (one.type === "radio" || one.type === "checkbox") one.checked = values.includes(one.value);
    else if (one !== document.activeElement || one.value !== values[0]) one.value = values[0] ?? "";
  }
  if (flag(key)) flag(key).checked = flagged;
  mark(key, fields, flagged);
};

// The list of questions says what is answered.
const mark = (key, fields, flagged) => {
  const link = form.querySelector(`.ch-qnav [data-question="${CSS.escape(key)}"]`);
  if (!link) return;
  const done = Object.keys(fields).length > 0;
  link.classList.toggle("is-done", done);
  link.classList.toggle("is-flag", flagged);
  const words = link.querySelector("[data-done]");
  words.textContent = `, ${done ? words.dataset.done : words.dataset.open}`;
  const total = form.querySelectorAll(".ch-qnav .is-done").length;
  for (const line of form.querySelectorAll("[data-answered]:not(form)")) {
    line.textContent = says.answered.replace("@@", total);
  }
};

const tell = (words) => {
  state.textContent = words;
};
const announce = (words) => {
  news.textContent = words;
  news.hidden = false;
};
const clock = () =>
  new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

const isNewer = (one, other) =>
  !other || one.at > other.at || (one.at === other.at && one.event > other.event);

const same = (one, other) =>
  JSON.stringify([one.fields, one.flagged]) === JSON.stringify([other.fields, other.flagged]);

const changed = (key) => {
  const one = {
    question: key,
    event: uuid(),
    at: Math.round(Date.now() + ahead),
    fields: fieldsOf(key),
    flagged: Boolean(flag(key)?.checked),
  };
  if (shown[key] && same(one, shown[key])) return; // a click tells twice: input, then change
  waiting = { ...read(store, waiting), [key]: one };
  show(one);
  write(store, waiting);
  mark(key, one.fields, one.flagged);
  tell(says.saving);
  wait = 1000;
  later(PAUSE);
};

const later = (pause) => {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
};

// Sends what waits, and takes over what is newer elsewhere. Never twice at once.
async function send() {
  if (sending) return later(PAUSE);
  const changes = Object.values((waiting = read(store, waiting)));
  sending = true;
  try {
    const answer = await fetch(`/attempts/${says.key}/answers`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": form.elements.namedItem("csrf_token").value,
      },
      body: JSON.stringify({ device, changes }),
      keepalive: JSON.stringify(changes).length < 50000,
    });
    if (answer.status === 401 || answer.status === 400) {
      tell(says.signedOut);
      return retry();
    }
    if (!answer.ok) throw new Error(String(answer.status));
    received(await answer.json(), changes);
  } catch {
    tell(says.kept);
    retry();
  } finally {
    sending = false;
  }
}

const retry = () => {
  wait = Math.min(wait * 2, LONGEST_WAIT);
  later(wait);
};

const received = (known, sent) => {
  waiting = read(store, waiting);
  for (const one of sent) {
    // What was changed again meanwhile still waits.
    if (waiting[one.question]?.event === one.event) delete waiting[one.question];
  }
  write(store, waiting);
  wait = 1000;
  for (const [key, one] of Object.entries(known.answers)) {
    if (waiting[key] || !block(key) || one.event === shown[key]?.event) continue;
    if (!isNewer(one, shown[key])) continue;
    const differs = JSON.stringify(one.fields) !== JSON.stringify(fieldsOf(key));
    show({ ...one, question: key });
    if (!differs) continue;
    fill(key, one.fields, one.flagged);
    announce(says.elsewhere);
  }
  if (!known.is_open) {
    over = true;
    announce(says.over);
  }
  tell(says.saved.replace("@@", clock()));
  if (Object.keys(waiting).length) later(PAUSE);
};

// What was changed after this page was drawn is shown on it; what waits is sent at once.
for (const one of Object.values({ ...shown, ...waiting })) {
  if (one.at > drawn || waiting[one.question]) fill(one.question, one.fields, one.flagged);
}
if (Object.keys(waiting).length) send();

const touched = (event) => {
  const key = event.target.closest(".ch-q")?.dataset.question;
  if (key) changed(key);
};
form.addEventListener("input", touched);
form.addEventListener("change", touched);
addEventListener("online", () => later(0));
addEventListener("visibilitychange", () => {
  if (Object.keys(read(store, {})).length || document.visibilityState === "visible") later(0);
});

// Another tab of this browser has changed something: it shows here too.
addEventListener("storage", (event) => {
  if (event.key !== store) return;
  waiting = read(store, {});
  for (const one of Object.values(waiting)) {
    if (!block(one.question) || !isNewer(one, shown[one.question])) continue;
    show(one);
    fill(one.question, one.fields, one.flagged);
    announce(says.elsewhere);
  }
});

// Handing in without a connection would lose the page: wait until what is here has arrived.
form.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  delete form.dataset.sent;
  tell(says.kept);
});

const watch = document.getElementById("quiz-timer");
const minutes = document.getElementById("quiz-minutes");
if (watch) {
  const tick = setInterval(() => {
    const left = Math.max(0, Math.round((ends - Date.now() - ahead) / 1000));
    watch.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left === 300 || left === 60) minutes.textContent = says.minutes.replace("@@", left / 60);
    if (left || over) return;
    clearInterval(tick);
    send().finally(() => location.reload());
  }, 1000);
}

// The page opens again without a connection. Its address is the only script address made here.
const address = "/quiz-worker.js";
const worker = globalThis.trustedTypes
  ? trustedTypes.createPolicy("quiz-worker", { createScriptURL: () => address }).createScriptURL("")
  : address;
navigator.serviceWorker?.register(worker, { scope: "/learn/" }).catch(() => {});
const sheets = document.querySelectorAll("link[rel=stylesheet],link[rel=icon]");
const wanted = [location.href.split("#")[0], ...Array.from(sheets, (one) => one.href)];
const scripts = Array.from(document.scripts, (one) => one.src);
globalThis.caches
  ?.open("attempts")
  .then(async (cache) => (await cache.match(wanted[0])) || cache.addAll([...wanted, ...scripts]))
  .catch(() => {});
