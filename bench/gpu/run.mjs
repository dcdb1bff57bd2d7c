// `npm run bench:gpu`: the kernels beside onnxruntime-web, TensorFlow.js and jax-js, in one browser and one run. It
// installs the others on its first run, finds a browser and its GPU, prints as it goes, and writes docs/performance.md.
// `--quick` measures less often and leaves out what takes long; `--verbose` tells each step; CHROMIUM names another browser; CHROMIUM_FLAGS adds flags.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { cpus } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { format } from "prettier";
import { wasmFromText } from "../../scripts/wasm.mjs";
import { linesOf, page } from "./report.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const quick = process.argv.includes("--quick");
const verbose = process.argv.includes("--verbose");
const settings = quick
  ? { longestRun: 4000, perRound: 150, rounds: 3 }
  : { longestRun: 6000, perRound: 500, rounds: 5 };

if (!existsSync(path.join(here, "node_modules"))) {
  console.log("installing the libraries to compare with, once");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: here,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

const rivals = {
  jax: 'export * from "@jax-js/jax";',
  tfjs: 'import "@tensorflow/tfjs-backend-webgpu"; export * from "@tensorflow/tfjs-core";',
  ort: 'export * from "onnxruntime-web/webgpu";',
};
const files = new Map([["/page.js", await bundled({ entryPoints: [path.join(here, "page.ts")] })]]);
for (const [name, contents] of Object.entries(rivals)) {
  files.set(`/rivals/${name}.js`, await bundled({ stdin: { contents, resolveDir: here } }));
}
const server = createServer((request, response) => void serve(request.url ?? "/", response));
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const address = server.address();
const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;

const { browser, shown, machine } = await withAdapter();
console.log(
  `${machine.adapter}${machine.software ? " (a software adapter: sizes that take too long are left out)" : ""}\n`,
);
/** @type {import("./page.ts").Row[]} */
const rows = [];
await shown.exposeFunction("report", (/** @type {import("./page.ts").Row} */ row) => {
  rows.push(row);
  console.log(linesOf(row));
});
await shown.evaluate((given) => window.measure(given), settings);
const kernels = await shown.evaluate(() => window.kernelTable());
for (const row of kernels) console.log(linesOf(row));
const about = {
  ...machine,
  browser: browser.version(),
  processor: cpus()[0]?.model ?? "",
  cores: cpus().length,
  quick,
};
const text = await format(page(about, rows, kernels), { parser: "markdown", printWidth: 120, proseWrap: "preserve" });
await writeFile(path.join(root, "docs/performance.md"), text);
console.log("\nwritten: docs/performance.md");
await browser.close();
server.close();

/** @param {import("esbuild").BuildOptions} options */
async function bundled(options) {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    loader: { ".wgsl": "text" },
    plugins: [wasmFromText],
    logLevel: "error",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/**
 * @param {string} address
 * @param {import("node:http").ServerResponse} response
 */
async function serve(address, response) {
  const { pathname } = new URL(address, url);
  const own = files.get(pathname);
  const ort = path.join(here, "node_modules/onnxruntime-web/dist", path.basename(pathname));
  const known = /** @type {Record<string, string>} */ ({
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
  });
  const type = known[path.extname(pathname)] ?? "text/html";
  if (own) response.writeHead(200, { "content-type": type }).end(own);
  else if (pathname.startsWith("/ort/") && existsSync(ort)) {
    response.writeHead(200, { "content-type": type }).end(await readFile(ort));
  } else if (pathname === "/") {
    response
      .writeHead(200, { "content-type": type })
      .end('<!doctype html><title>bench</title><script type="module" src="/page.js"></script>');
  } else response.writeHead(404).end();
}

/** The first way of starting the browser that gives an adapter; those that can reach a GPU come first. */
async function withAdapter() {
  const base = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--enable-unsafe-webgpu",
  ];
  const added = (process.env["CHROMIUM_FLAGS"] ?? "").split(" ").filter((flag) => flag !== "");
  const vulkan = ["--enable-features=Vulkan", "--disable-vulkan-surface", "--ignore-gpu-blocklist"];
  const ways = [
    ...(hasGpu() ? [[...vulkan, "--use-angle=vulkan"], vulkan] : []),
    [],
    ["--use-webgpu-adapter=swiftshader"],
  ];
  let fallback;
  for (const way of ways) {
    const found = await attempt([...base, ...way, ...added]);
    if (found === undefined) continue;
    if (!found.machine.software || way === ways.at(-1)) return found;
    await fallback?.browser.close();
    fallback = found;
    if (!hasGpu()) break;
  }
  if (fallback === undefined) throw new Error("No way of starting the browser gave a WebGPU adapter.");
  return fallback;
}

/** @param {string[]} args */
async function attempt(args) {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args });
  try {
    const shown = await browser.newPage();
    shown.on("pageerror", (error) => console.error(String(error)));
    if (process.stderr.isTTY || verbose) shown.on("console", (said) => console.error(`\x1b[2m${said.text()}\x1b[0m`));
    await shown.goto(url);
    await shown.waitForFunction(() => "machine" in window, undefined, { timeout: 30_000 });
    const late = new Promise((resolve) => setTimeout(() => resolve(undefined), 30_000));
    const machine = await Promise.race([shown.evaluate(() => window.machine()), late]);
    if (machine !== undefined) return { browser, shown, machine: /** @type {import("./page.ts").Machine} */ (machine) };
  } catch (error) {
    console.error(`the browser did not start with ${args.join(" ")}: ${String(error)}`);
  }
  await browser.close();
  return undefined;
}

function hasGpu() {
  const drm = existsSync("/dev/dri") ? readdirSync("/dev/dri") : [];
  return existsSync("/dev/nvidia0") || process.platform !== "linux" || drm.some((name) => name.startsWith("renderD"));
}
