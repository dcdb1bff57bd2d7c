// Compiles the WebAssembly text of the kernels: once with relaxed SIMD, whose multiply-adds are one instruction, and
// once with the SIMD that every engine has. It knows the two forms and nothing of what is computed.
import { readFile } from "node:fs/promises";
import path from "node:path";
import createWabt from "wabt";

const fused = /\(f32x4\.relaxed_madd (\(local\.get \$\w+\)) (\(local\.get \$\w+\)) (\(local\.get \$\w+\))\)/g;

/**
 * The bytes of `NAME.wasm` or `NAME-relaxed.wasm`, made from `NAME.wat` beside it.
 * @param {string} file
 */
export async function compiledWasm(file) {
  const relaxed = file.endsWith("-relaxed.wasm");
  const text = await readFile(file.replace(/(-relaxed)?\.wasm$/, ".wat"), "utf8");
  const wabt = await createWabt();
  const source = relaxed ? text : text.replaceAll(fused, "(f32x4.add (f32x4.mul $1 $2) $3)");
  const module = wabt.parseWat(file, source, { simd: true, relaxed_simd: relaxed });
  try {
    return Buffer.from(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** WebAssembly is compiled from its text and carried along as bytes. @type {import("esbuild").Plugin} */
export const wasmFromText = {
  name: "wasm from text",
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\.?\/.*\.wasm$/ }, ({ path: file, resolveDir }) => {
      return { path: path.resolve(resolveDir, file), namespace: "wasm-from-text" };
    });
    bundle.onLoad({ filter: /.*/, namespace: "wasm-from-text" }, async ({ path: file }) => {
      return { contents: await compiledWasm(file), loader: "binary" };
    });
  },
};
