// Draws images/icon.png: a grid of cells between square brackets, a matrix at a glance at 16 pixels. Writes the PNG by
// hand, since a picture this plain needs no graphics library.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { root } from "./setup/steps.mjs";

const size = 256;
const ground = [22, 24, 29];
const bracket = [232, 234, 240];
/** One hue for each column, as the playground gives one to each dimension. */
const columns = [
  [90, 169, 255],
  [255, 179, 71],
  [122, 214, 140],
];

/** The colour at a point, in sixteenths of the picture, so that edges fall on pixels at 16. */
function colourAt(/** @type {number} */ x, /** @type {number} */ y) {
  if (isBracket(x, y) || isBracket(16 - x, y)) return bracket;
  const column = Math.floor((x - 3.8) / 3);
  const row = Math.floor((y - 3.8) / 3);
  const inside = x >= 3.8 && x < 12.8 && y >= 3.8 && y < 12.8;
  const gap = (x - 3.8) % 3 > 2.4 || (y - 3.8) % 3 > 2.4;
  if (!inside || gap) return ground;
  const strength = [1, 0.55, 0.8, 0.55, 0.8, 1, 0.8, 1, 0.55][row * 3 + column] ?? 1;
  return (columns[column] ?? ground).map((part, index) => part * strength + (ground[index] ?? 0) * (1 - strength));
}

function isBracket(/** @type {number} */ x, /** @type {number} */ y) {
  const stem = x >= 1 && x < 2.25 && y >= 1 && y < 15;
  const foot = x >= 1 && x < 4.5 && ((y >= 1 && y < 2.25) || (y >= 13.75 && y < 15));
  return stem || foot;
}

/** The corners are round and transparent, as stores show icons on any ground. */
function isCorner(/** @type {number} */ x, /** @type {number} */ y) {
  const radius = 2.5;
  const dx = Math.max(radius - x, x - (16 - radius), 0);
  const dy = Math.max(radius - y, y - (16 - radius), 0);
  return Math.hypot(dx, dy) > radius;
}

const rows = Buffer.alloc(size * (1 + size * 4));
for (let y = 0; y < size; y++) {
  for (let x = 0; x < size; x++) {
    const [u, v] = [((x + 0.5) / size) * 16, ((y + 0.5) / size) * 16];
    const pixel = isCorner(u, v) ? [0, 0, 0, 0] : [...colourAt(u, v), 255];
    pixel.forEach((part, index) => rows.writeUInt8(Math.round(part), y * (1 + size * 4) + 1 + x * 4 + index));
  }
}

function chunk(/** @type {string} */ name, /** @type {Buffer} */ body) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(body.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
header.set([8, 6, 0, 0, 0], 8);
const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const compressed = chunk("IDAT", deflateSync(rows, { level: 9 }));
const png = Buffer.concat([signature, chunk("IHDR", header), compressed, chunk("IEND", Buffer.alloc(0))]);
writeFileSync(path.join(root, "images", "icon.png"), png);
