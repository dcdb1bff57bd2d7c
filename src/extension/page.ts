/**
 * The HTML around the playground's script: a strict policy, and nothing that the page does not bring itself.
 */
import * as vscode from "vscode";

export function pageFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, "dist", "webview");
}

export function pageFor(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = freshNonce();
  const address = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(pageFolder(extension), name)).toString();
  const policy = [
    "default-src 'none'",
    // The CPU path is WebAssembly, compiled when the extension was built.
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    // Pictures set their own sizes and colours by style attributes.
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data: blob:`,
    "worker-src blob:",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Compute Playground</title>
    <link rel="stylesheet" href="${address("playground.css")}" />
  </head>
  <body>
    <main id="playground"></main>
    <script nonce="${nonce}" src="${address("playground.js")}"></script>
  </body>
</html>`;
}

function freshNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
