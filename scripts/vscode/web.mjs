// Serves the oldest VS Code that we support as a plain web page, with no machine behind it: extensions run in a worker,
// and files lie nowhere but in the page. Knows how such a page is put together; knows nothing of what runs in it.
import { createServer } from "node:http";
import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { vsCodeWeb } from "../setup/vscode.mjs";
import { unpackExtension } from "./server.mjs";

/** @type {Record<string, string>} */
const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

/**
 * @param {{ vsix: string, settings?: Record<string, unknown> }} options
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startWebVsCode({ vsix, settings = {} }) {
  const home = mkdtempSync(path.join(os.tmpdir(), "shapesight-web-"));
  unpackExtension(vsix, home);
  const [name = ""] = readdirSync(home).filter((each) => each.startsWith("shapesight."));
  const extension = path.join(home, name);
  let port = 0;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    response.setHeader("access-control-allow-origin", "*");
    if (pathname === "/") return response.setHeader("content-type", "text/html").end(page(port, settings));
    const file = pathname.startsWith("/shapesight/")
      ? path.join(extension, pathname.slice("/shapesight/".length))
      : path.join(vsCodeWeb, pathname);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.setHeader("content-type", types[path.extname(file)] ?? "application/octet-stream");
    return createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const bound = server.address();
  port = typeof bound === "object" && bound !== null ? bound.port : 0;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(home, { recursive: true, force: true });
  };
  return { url: `http://localhost:${port}/`, stop };
}

/** @param {number} port @param {Record<string, unknown>} settings */
function page(port, settings) {
  const at = (/** @type {string} */ folder) => ({ scheme: "http", authority: `localhost:${port}`, path: folder });
  const product = {
    productConfiguration: {
      nameShort: "VS Code",
      nameLong: "VS Code",
      applicationName: "code-web",
      dataFolderName: ".vscode-web",
      version: "1.91.1",
      // Each webview has an origin of its own, as on VS Code's own pages.
      webviewContentExternalBaseUrlTemplate: `http://{{uuid}}.localhost:${port}/out/vs/workbench/contrib/webview/browser/pre/`,
    },
    additionalBuiltinExtensions: [at("/shapesight"), at("/extensions/python"), at("/extensions/theme-defaults")],
    configurationDefaults: settings,
  };
  return `<!doctype html>
<meta charset="utf-8">
<link rel="stylesheet" href="/out/vs/workbench/workbench.web.main.css">
<body></body>
<script>window.product = ${JSON.stringify(product)};</script>
<script src="/out/vs/loader.js"></script>
<script src="/out/vs/webPackagePaths.js"></script>
<script>
  for (const name of Object.keys(webPackagePaths)) {
    webPackagePaths[name] = location.origin + "/node_modules/" + name + "/" + webPackagePaths[name];
  }
  require.config({ baseUrl: location.origin + "/out", paths: webPackagePaths });
</script>
<script src="/out/vs/workbench/workbench.web.main.nls.js"></script>
<script src="/out/vs/workbench/workbench.web.main.js"></script>
<script src="/out/vs/code/browser/workbench/workbench.js"></script>`;
}
