// How a measurement is told: lines while it runs, and a page of tables at the end. It knows figures, not where they
// come from.

const own = "ours";
/** Those that are held against ours in the ratio; the CPU is shown beside them. */
const rivals = ["onnxruntime-web", "tfjs", "jax-js"];

/** @typedef {import("./page.ts").Row} Row */
/** @typedef {import("./page.ts").Figure} Figure */

/** @param {Row} row */
export function linesOf({ title, figures }) {
  const parts = figures.map((figure) => `  ${figure.contender.padEnd(22)} ${told(figure)}`);
  return [title, ...parts].join("\n");
}

/** @param {Figure} figure */
function told({ rate, label, why, error }) {
  if (rate === undefined) return `- (${(why ?? "").split("\n")[0]?.slice(0, 150)})`;
  return `${number(rate).padStart(8)}${label === undefined ? "" : `  ${label}`}${wrong(error) ? `  WRONG by ${error?.toPrecision(2)}` : ""}`;
}

/** @param {number | undefined} error */
const wrong = (error) => error !== undefined && error > 1e-3;

/** @param {number} value */
const number = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** How many times as fast as the fastest of the others that is right. @param {Row} row */
function ratio({ figures }) {
  const rate = figures.find(({ contender }) => contender === own)?.rate;
  const others = figures.filter(
    (figure) => rivals.includes(figure.contender) && figure.rate !== undefined && !wrong(figure.error),
  );
  const best = Math.max(0, ...others.map((figure) => figure.rate ?? 0));
  return rate === undefined || best === 0 ? "" : `${(rate / best).toFixed(2)} ×`;
}

/**
 * @param {{ adapter: string, software: boolean, browser: string, processor: string, cores: number, quick: boolean }} about
 * @param {readonly Row[]} rows
 * @param {readonly Row[]} kernels
 */
export function page(about, rows, kernels) {
  const where = `Adapter: ${about.adapter}${about.software ? ", which is software on the CPU" : ""}. Chromium ${about.browser}, ${about.processor}, ${about.cores} cores${about.quick ? ", measured quickly" : ""}.`;
  const software = about.software
    ? "A software adapter says nothing of how fast these kernels are on a GPU: it has neither its caches nor its costs, and other work on the machine shares its time. Ratios within a row are nearer the truth than the figures. `npm run bench:gpu` on a machine with a GPU writes this page anew."
    : "Other work on the machine, drivers and heat change such figures; ratios within a row are nearer the truth.";
  return `# How fast the kernels are

This page is written by \`npm run bench:gpu\`.

${where}

${software}

Figures are GFLOP/s: 2 · m · n · k operations for a product, 4 · heads · length² · width for an attention, whoever computes it in whatever way. Operands lie on the GPU, runs follow each other without waiting, and the end of the last is waited for; rounds are interleaved, and the median counts. *Ours* is what the tuner chose, named beside it. *against the fastest* is ours over the fastest of the others that is right. A dash is something that was not measured, because one run would have taken too long; a figure that is ~~struck out~~ belongs to results that are wrong, by more than a thousandth, against float64.

## Products

${table(rows.filter(({ kind }) => kind === "matmul"))}

Sizes are m × k × n.

## Attention

${table(rows.filter(({ kind }) => kind === "attention"))}

onnxruntime-web and TensorFlow.js compute it as products and a softmax: the former's own attention node is wrong on adapters with small subgroups, and the latter has none.

## Each kernel by itself

${kernelTables(kernels)}

## Roofs

${roofs(kernels)}
`;
}

/** @param {readonly Row[]} rows */
function table(rows) {
  const names = rows[0]?.figures.map(({ contender }) => contender) ?? [];
  const head = ["Size", ...names, "against the fastest"];
  const lines = rows.map((row) => [row.title, ...row.figures.map(cell), ratio(row)]);
  return markdown(head, lines);
}

/** @param {Figure} figure */
function cell({ rate, label, error }) {
  if (rate === undefined) return "–";
  const text = wrong(error) ? `~~${number(rate)}~~` : number(rate);
  return label === undefined || label.startsWith("wasm") ? text : `${text} (${label})`;
}

/** @param {readonly Row[]} rows */
function kernelTables(rows) {
  return ["matmul", "attention"]
    .map((kind) => {
      const some = rows.filter((row) => row.kind === kind && row.title !== "roofs");
      const names = some[0]?.figures.map(({ contender }) => contender) ?? [];
      return markdown(
        ["Size", ...names],
        some.map((row) => [row.title, ...row.figures.map(cell)]),
      );
    })
    .join("\n\n");
}

/** @param {readonly Row[]} rows */
function roofs(rows) {
  const figures = rows.find(({ title }) => title === "roofs")?.figures ?? [];
  const of = (/** @type {string} */ unit) => number(figures.find(({ contender }) => contender === unit)?.rate ?? 0);
  return `Measured by kernels that do nothing else: ${of("GFLOP/s")} GFLOP/s of multiply-adds, ${of("GB/s")} GB/s of copying.`;
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} lines
 */
function markdown(head, lines) {
  const row = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map((_, i) => (i === 0 ? "---" : "--:"))), ...lines.map(row)].join("\n");
}
