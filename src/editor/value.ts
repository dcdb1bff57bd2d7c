/**
 * A value in one line of a hover. It knows results, and what is not worth a line: whatever the reader's type checker
 * says of it anyway.
 */
import type { Fact } from "../analysis/result.ts";
import { printShape } from "../shapes/index.ts";
import { bytesText, parametersText, workText } from "./cost.ts";
import { isAnything } from "./facts.ts";
import { bold, code, short } from "./markdown.ts";
import { functionSignature, instanceSignature, layerCalls } from "./signature.ts";
import { textOf, type View } from "./sources.ts";

/** `(B, T, 768)` `float32` · cost; null where there is nothing to tell. */
export function valueLine(view: View, fact: Fact): string | null {
  switch (fact.kind) {
    case "tensor":
      return tensorLine(fact);
    case "layer":
      return layerLine(view, fact);
    case "int":
      return isPlain(view, fact) ? null : `${bold(code(fact.text))} ${code("int")}`;
    case "tuple":
    case "list":
      return isPlain(view, fact) || !hasSizes(fact.text) ? null : bold(code(short(fact.text, 80)));
    case "function":
    case "class":
      return signatureLine(fact.role === "expression" ? null : functionSignature(view, fact.span));
    case "object":
      return signatureLine(instanceSignature(view, fact.span.path, fact.text), fact.text);
    case "float":
    case "bool":
    case "string":
    case "none":
    case "dict":
    case "set":
    case "dtype":
    case "module":
    case "unknown":
      return null;
    default:
      return fact.kind satisfies never;
  }
}

function tensorLine(fact: Fact): string | null {
  if (fact.shape === null || (isAnything(fact) && fact.dtype === null)) return null;
  const cost = [workText(fact.operation), bytesText(fact.shape, fact.dtype)].filter((each) => each !== null);
  const value = [bold(code(printShape(fact.shape))), ...(fact.dtype === null ? [] : [code(fact.dtype)])].join(" ");
  return [value, ...cost].join(" · ");
}

/** What the layer maps to what, where the code around it calls it, and how much it learns. */
function layerLine(view: View, fact: Fact): string {
  const calls = layerCalls(view, fact).filter((call) => call.shape !== null && !isAnything(call));
  const maps = new Set(calls.map(mapText).filter((each) => each !== null));
  const parameters = parametersText(
    fact.operation?.parameterCount ??
      calls.find(({ operation }) => operation !== null)?.operation?.parameterCount ??
      null,
  );
  const name = fact.text.replace(/^torch\.nn\./, "nn.");
  const [map] = maps;
  return [
    bold(code(name)),
    ...(map === undefined || maps.size > 1 ? [] : [code(map)]),
    ...(parameters === null ? [] : [parameters]),
  ].join(" · ");
}

function mapText({ operation, shape }: Fact): string | null {
  const input = operation?.operands[0];
  return input === undefined || shape === null ? null : `${printShape(input.shape)} → ${printShape(shape)}`;
}

function signatureLine(signature: string | null, name: string | null = null): string | null {
  if (signature === null) return null;
  return [...(name === null ? [] : [bold(code(name))]), name === null ? bold(code(signature)) : code(signature)].join(
    " · ",
  );
}

/** The source shows the value itself. */
function isPlain(view: View, fact: Fact): boolean {
  return fact.text === "?" || fact.text === textOf(view.sources, fact.span);
}

function hasSizes(text: string): boolean {
  return /\(.*\(|\d|[A-Za-z]\w*,/.test(text) && !/[?"']/.test(text);
}
