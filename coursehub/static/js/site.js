// Small comforts. Every page works without this file.

const target = () => document.getElementById(location.hash.slice(1));

// Escape closes the account menu, sheets and definitions, and gives the focus back.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.ch-drop[open]")) {
    menu.open = false;
    menu.firstElementChild.focus();
  }
  const open = target();
  if (!open || !open.matches(".ch-sheet, .ch-gloss")) return;
  const opener = document.querySelector(`a[href="#${CSS.escape(open.id)}"]`);
  const { scrollX, scrollY } = window;
  location.hash = "_";
  scrollTo(scrollX, scrollY);
  if (opener) opener.focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.ch-drop[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// What an address opens takes the focus, so that it is read and Tab goes on inside it.
addEventListener("hashchange", () => {
  const open = target();
  if (open && open.matches(".ch-sheet, .ch-gloss")) open.focus({ preventScroll: true });
});

// Whoever uses this device next finds neither a page that was kept for reading without a connection
// nor answers that have been sent; those that have not stay until their own person is back.
document.addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/sign-out")) return;
  globalThis.caches?.delete("attempts");
  for (const key of Object.keys(localStorage)) {
    if (/^quiz\/.*\/(known|clock)$/.test(key)) localStorage.removeItem(key);
  }
});

// A second click on a button does not send the form twice; a page that is come back to sends again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

const errors = document.getElementById("errors");
if (errors) errors.focus();
