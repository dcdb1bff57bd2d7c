// What people download: exactly these files and a page for each rule, under a megabyte.
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageExtension, vsix } from "../../scripts/package.mjs";

const shipped = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/LICENSE.txt",
  "extension/changelog.md",
  "extension/dist/cli.js",
  "extension/dist/extension.js",
  "extension/dist/programs.js",
  "extension/dist/server.js",
  "extension/dist/tree-sitter-python.wasm",
  "extension/dist/tree-sitter.wasm",
  "extension/dist/webview/playground.css",
  "extension/dist/webview/playground.js",
  "extension/images/icon.png",
  "extension/package.json",
  "extension/readme.md",
];

/** The names in a zip archive, from the directory at its end. */
function namesInZip(zip: Buffer): readonly string[] {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const count = zip.readUInt16LE(end + 10);
  const names: string[] = [];
  for (let entry = 0, at = zip.readUInt32LE(end + 16); entry < count; entry++) {
    const [name, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    names.push(zip.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

test("the package holds what it should, and is small", () => {
  if (!existsSync(vsix)) packageExtension();
  const zip = readFileSync(vsix);
  const names = namesInZip(zip).filter((name) => !/^extension\/docs\/rules\/[\w-]+\.md$/.test(name));
  expect(names.toSorted()).toEqual(shipped);
  expect(zip.length).toBeLessThan(1024 * 1024);
});
