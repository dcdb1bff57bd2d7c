// Serves the playground's page outside VS Code, built afresh for every load: `node scripts/serve-playground.mjs`.
// The policy is the one of the real panel, so that what works here works there. Tests use it through `servePlayground`.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { wasmFromText } from "./wasm.mjs";
import { workerAsText } from "./worker.mjs";

const ROOT = new URL("../", import.meta.url);

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; worker-src blob:";

/** Files of the page by address, with their kind. @type {Readonly<Record<string, readonly [string, string]>>} */
const FILES = {
  "/": ["webview/dev/page.html", "text/html"],
  "/dev.js": ["webview/dev/dev.js", "text/javascript"],
  "/themes.css": ["webview/dev/themes.css", "text/css"],
};

/**
 * @param {boolean} minify
 * @returns {Promise<Record<"/playground.js" | "/playground.css", readonly [string, string]>>}
 */
async function bundle(minify) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("webview/main.ts", ROOT))],
    outfile: "playground.js",
    bundle: true,
    write: false,
    minify,
    sourcemap: minify ? false : "inline",
    format: "iife",
    target: "es2022",
    loader: { ".wgsl": "text" },
    plugins: [wasmFromText, workerAsText],
    logLevel: "error",
  });
  /** @param {string} ending */
  const find = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  return { "/playground.js": [find(".js"), "text/javascript"], "/playground.css": [find(".css"), "text/css"] };
}

/** Starts the server; `fresh` builds anew for every load of the page. */
export async function servePlayground({ port = 0, fresh = false, minify = false } = {}) {
  let built = await bundle(minify);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    /** @param {string | Buffer} body @param {string} type */
    const send = (body, type) =>
      response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
    try {
      if (pathname === "/" && fresh) built = await bundle(minify);
      const made = pathname === "/playground.js" || pathname === "/playground.css" ? built[pathname] : undefined;
      const file = FILES[pathname];
      if (made !== undefined) send(made[0], made[1]);
      else if (file !== undefined) send(await readFile(new URL(file[0], ROOT)), file[1]);
      else response.writeHead(404).end();
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    }
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const open = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${open}/`,
    bytes: {
      script: Buffer.byteLength(built["/playground.js"][0]),
      style: Buffer.byteLength(built["/playground.css"][0]),
    },
    close: () => new Promise((resolve) => server.close(() => resolve(undefined))),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await servePlayground({ port: Number(process.env["PORT"] ?? 8173), fresh: true });
  console.log(`The playground is at ${url} (add ?theme=light, hc-dark or hc-light).`);
}
