// Writes delay_vectors.json: chosen delays computed by JavaScript, the language of the app, and
// not by timingctl. Run it with `node tests/spec/delay_vectors.mjs`; it gives the same bytes.
import { writeFileSync } from "node:fs";

function chosen(id, min, max) {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) | 0;
  return max <= min ? min : min + (Math.abs(hash) % (max - min + 1));
}

let state = 20260210;
function below(n) {
  // mulberry32: numbers that look random and are the same on every machine
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
const text = (length, letters) =>
  Array.from({ length }, () => letters[below(letters.length)]).join("");

const HEX = [..."0123456789abcdef"];
const BASE36 = [..."0123456789abcdefghijklmnopqrstuvwxyz"];
const ANY = [..."aZ0 -_/\"\\\t\u0000éßжあ語한\u200d\ufeff\uffff😀👩🏽𝒳"];
const KINDS = [
  () => [8, 4, 4, 4, 12].map((length) => text(length, HEX)).join("-"), // UUIDs
  () => "c" + text(24, BASE36), // cuids
  () => String(below(1_000_000_000)),
  () => text(1 + below(12), ANY),
  () => text(200 + below(200), BASE36),
];
const WINDOWS = [
  [180, 420], [60, 120], [0, 1], [0, 86400], [-5, 5], [300, 300], [420, 180],
  [-(2 ** 31), 2 ** 31 - 1], [0, 2 ** 31 - 1], [2 ** 31 - 2, 2 ** 31 - 1],
];
// Among them strings whose hash is 0, the least 32-bit number, and its neighbours.
const KNOWN = ["", "a", "polygenelubricants", "GydZG_", "DESIGNING WORKHOUSES", "😀"];

const vectors = [];
for (const id of KNOWN)
  for (const [min, max] of WINDOWS) vectors.push({ id, min, max, chosen: chosen(id, min, max) });
for (let i = 0; i < 400; i++) {
  const id = KINDS[i % KINDS.length]();
  const [min, max] = WINDOWS[below(WINDOWS.length)];
  vectors.push({ id, min, max, chosen: chosen(id, min, max) });
}
const lines = vectors.map((vector) => JSON.stringify(vector));
writeFileSync(new URL("delay_vectors.json", import.meta.url), `[\n${lines.join(",\n")}\n]\n`);
