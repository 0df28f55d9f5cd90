"use strict";
// Checks the signature of a QR code's text or of an Open Badge with the keys in the page.
const main = document.querySelector("main");
const keys = JSON.parse(main.dataset.keys);
const did = main.dataset.did;
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const bytes = (text) => new TextEncoder().encode(text);

class Trouble extends Error {}

document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = document.getElementById("file").files[0];
  const typed = document.getElementById("text").value.trim();
  show(await judged(typed || (file ? (await file.text()).trim() : "")));
});
if (location.hash.length > 1) {
  document.getElementById("text").value = location.hash;
}

async function judged(text) {
  try {
    return text.startsWith("{") ? await badge(JSON.parse(text)) : await code(text);
  } catch (error) {
    return { what: error instanceof Trouble ? error.message : "unreadable" };
  }
}

async function code(text) {
  const said = text.slice(text.indexOf("#") + 1);
  const [form, key, signature, squeezed] = said.split(".");
  if (form !== "1" || !squeezed) throw new Trouble("unreadable");
  const content = await unpacked(fromBase64(squeezed));
  const signed = joined(bytes(`${form}.${key}.`), content);
  const isRight = await isSigned(key, fromBase64(signature), signed);
  return isRight ? { what: "ok", facts: JSON.parse(new TextDecoder().decode(content)) } : { what: "wrong" };
}

async function badge(document_) {
  const { proof, ...bare } = document_;
  const { proofValue, ...options } = proof;
  const [issuer, key] = proof.verificationMethod.split("#");
  if (issuer !== did || bare.issuer.id !== did) throw new Trouble("unknown");
  if (proof.cryptosuite !== "eddsa-jcs-2022" || proof.proofPurpose !== "assertionMethod") throw new Trouble("unreadable");
  const signed = joined(await hash(options), await hash(bare));
  if (!(await isSigned(key, fromBase58(proofValue.slice(1)), signed))) return { what: "wrong" };
  const subject = bare.credentialSubject;
  return {
    what: "ok",
    facts: {
      n: subject.identifier.map((one) => one.identityHash).join(", "),
      t: subject.achievement.name,
      k: subject.achievement.description,
      criteria: subject.achievement.criteria.narrative,
      d: subject.activityEndDate.slice(0, 10),
      i: bare.validFrom.slice(0, 10),
      o: bare.issuer.name,
      c: bare.id,
    },
  };
}

async function isSigned(name, signature, signed) {
  const multikey = Object.hasOwn(keys, name) ? keys[name] : null;
  if (!multikey) throw new Trouble("unknown");
  const raw = fromBase58(multikey.slice(1)).slice(2);
  let key;
  try {
    key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new Trouble("unable");
  }
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, signed);
}

async function hash(value) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(canonical(value))));
}

// RFC 8785: JSON.stringify writes strings and numbers as it asks; only the order is ours.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}

async function unpacked(squeezed) {
  if (!("DecompressionStream" in window)) throw new Trouble("unable");
  const stream = new Blob([squeezed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function fromBase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

function fromBase58(text) {
  let number = 0n;
  for (const letter of text) {
    const value = BASE58.indexOf(letter);
    if (value < 0) throw new Trouble("unreadable");
    number = number * 58n + BigInt(value);
  }
  const found = [];
  for (; number > 0n; number >>= 8n) found.unshift(Number(number & 255n));
  const zeros = text.match(/^1*/)[0].length;
  return Uint8Array.from([...new Array(zeros).fill(0), ...found]);
}

function show(result) {
  const place = document.getElementById("result");
  const shown = document.getElementById(result.what).content.cloneNode(true);
  const names = document.getElementById("names").content;
  const word = (key) => names.querySelector(`[data-of="${key}"]`);
  for (const [key, value] of Object.entries(result.facts || {})) {
    if (!word(key) || value.length === 0) continue;
    const term = document.createElement("dt");
    const said = document.createElement("dd");
    term.textContent = word(key).textContent;
    const words = key === "k" && word(value) ? word(value).textContent : value;
    said.textContent = Array.isArray(words) ? words.join("; ") : words;
    shown.querySelector("dl").append(term, said);
  }
  place.replaceChildren(shown);
  place.focus();
}
