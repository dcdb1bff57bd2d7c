/** How numbers lie in GPU memory, as the WGSL that reads and writes four of them. It knows no kernel. */

import type { Storage } from "../types.ts";
import float16 from "./float16.wgsl";
import float32 from "./float32.wgsl";
import packed16 from "./packed16.wgsl";

/** How one operand is stored; float16 without the device's help is unpacked by hand. */
export type Stored = "float32" | "float16" | "packed16";

const texts: Readonly<Record<Stored, string>> = { float32, float16, packed16 };

export function storedAs(storage: Storage, features: GPUSupportedFeatures): Stored {
  if (storage === "float32") return "float32";
  return features.has("shader-f16") ? "float16" : "packed16";
}

/**
 * A program's text with the ways of storing its operands, each named by a letter. The kernel comes first and keeps
 * its line numbers.
 */
export function withStorage(wgsl: string, operands: Readonly<Record<string, Stored>>): string {
  const enable = Object.values(operands).includes("float16") ? "enable f16; " : "";
  const ways = Object.entries(operands).map(([letter, stored]) => lettered(texts[stored], letter));
  return enable + [wgsl, ...ways].join("\n");
}

function lettered(text: string, letter: string): string {
  const code = text.slice(text.indexOf("\n\n") + 1);
  return code.replaceAll(/\b(Scalar|Stored|four|stored)X\b/g, `$1${letter}`);
}
