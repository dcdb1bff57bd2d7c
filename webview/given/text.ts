/**
 * Numbers as people write them: Python and JSON lists, what NumPy and PyTorch print, or plain rows of a table. It gives
 * a tensor, or says at which line the text stops making sense.
 */

import { sizeProblem, type Given, type Refused } from "./tensor.ts";

const FROM = "pasted";
/** More text is a file's business. */
const MOST_TEXT = 4_000_000;

export function readText(text: string): Given | Refused {
  if (text.length > MOST_TEXT) return { problem: "That is more text than can be pasted here; save it as a .npy file." };
  if (text.trim() === "") return { problem: "There are no numbers yet." };
  const tokens = tokensOf(text);
  if ("problem" in tokens) return tokens;
  const reader = new Reader(tokens);
  const tensor = tokens.some(({ kind }) => kind === "open") ? reader.nested() : reader.table();
  if ("problem" in tensor) return tensor;
  const problem = sizeProblem("The pasted list", tensor.shape);
  return problem === undefined ? { from: FROM, ...tensor } : { problem };
}

type Token =
  | { readonly kind: "open" | "close" | "comma" | "line"; readonly line: number }
  | { readonly kind: "number"; readonly value: number; readonly line: number }
  | { readonly kind: "word"; readonly text: string; readonly line: number };

const TOKEN =
  /([[({])|([\])}])|([,;])|(\n)|([-+−]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))|([-+−]?[A-Za-z_][\w.]*|\.\.\.|=|"[^"]*"|'[^']*')|([ \t\r\f\u00a0]+)|(#[^\n]*)/uy;

const CONSTANTS: Readonly<Record<string, number>> = {
  nan: NaN,
  none: NaN,
  null: NaN,
  inf: Infinity,
  infinity: Infinity,
  true: 1,
  false: 0,
};

function tokensOf(text: string): readonly Token[] | Refused {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let line = 1;
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) return { problem: `Line ${line}: “${text.slice(start, start + 12).trim()}” is no number.` };
    const [, open, close, comma, newline, number, word] = match;
    if (open !== undefined) tokens.push({ kind: "open", line });
    else if (close !== undefined) tokens.push({ kind: "close", line });
    else if (comma !== undefined) tokens.push({ kind: "comma", line });
    else if (newline !== undefined) tokens.push({ kind: "line", line: line++ });
    else if (number !== undefined) tokens.push({ kind: "number", value: valueOf(number), line });
    else if (word !== undefined) tokens.push(wordToken(word, line));
  }
  return tokens;
}

const valueOf = (text: string): number => Number(text.replace("−", "-").replaceAll("_", "").replace(/^\+/, ""));

function wordToken(text: string, line: number): Token {
  const sign = /^[-−]/.test(text) ? -1 : 1;
  const bare = text.replace(/^[-+−]/, "").replace(/^(?:np|numpy|torch|math|jnp|float)\./, "");
  const value = CONSTANTS[bare.toLowerCase()];
  return value === undefined ? { kind: "word", text, line } : { kind: "number", value: sign * value, line };
}

type Tensor = Pick<Given, "shape" | "data">;

/** Reads tokens from left to right. Lives for one text. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Lists in lists; a call around them, an assignment before them and arguments after them are passed over. */
  nested(): Tensor | Refused {
    while (this.#peek() !== undefined && this.#peek()?.kind !== "open") this.#at++;
    // `array([[…]], dtype=float32)`: what the outermost round bracket holds first is the list.
    if (this.#at > 0 && this.#tokens[this.#at - 1]?.kind === "word" && this.#opensAgain()) this.#at++;
    const numbers: number[] = [];
    const shape = this.#list(numbers);
    return "problem" in shape ? shape : { shape: shape.sizes, data: Float32Array.from(numbers) };
  }

  #opensAgain(): boolean {
    let next = this.#at + 1;
    while (this.#tokens[next]?.kind === "line") next++;
    return this.#tokens[next]?.kind === "open";
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #list(numbers: number[]): { readonly sizes: readonly number[] } | Refused {
    const opened = this.#peek()?.line ?? 1;
    this.#at++;
    let inner: readonly number[] | undefined;
    let count = 0;
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      if (token.kind === "close") {
        this.#at++;
        return { sizes: [count, ...(inner ?? [])] };
      }
      if (token.kind === "comma" || token.kind === "line") {
        this.#at++;
        continue;
      }
      if (token.kind === "word") return wordProblem(token.text, token.line);
      const sizes = this.#entry(token, numbers);
      if ("problem" in sizes) return sizes;
      if (inner !== undefined && inner.join() !== sizes.sizes.join())
        return ragged(count, token.line, sizes.sizes, inner);
      inner = sizes.sizes;
      count++;
    }
    return { problem: `The bracket that opens in line ${opened} is never closed.` };
  }

  #entry(token: Token, numbers: number[]): { readonly sizes: readonly number[] } | Refused {
    if (token.kind !== "number") return this.#list(numbers);
    numbers.push(token.value);
    this.#at++;
    return { sizes: [] };
  }

  /** A row for each line; commas, semicolons and blanks part the numbers. */
  table(): Tensor | Refused {
    const rows: number[][] = [[]];
    for (const token of this.#tokens) {
      if (token.kind === "word") return wordProblem(token.text, token.line);
      if (token.kind === "number") rows.at(-1)?.push(token.value);
      if (token.kind === "line") rows.push([]);
    }
    const filled = rows.filter((row) => row.length > 0);
    const width = filled[0]?.length ?? 0;
    const odd = filled.findIndex((row) => row.length !== width);
    if (width === 0) return { problem: "There are no numbers in that text." };
    if (odd >= 0) return { problem: `Row ${odd + 1} has ${filled[odd]?.length ?? 0} numbers; the first has ${width}.` };
    return { shape: filled.length === 1 ? [width] : [filled.length, width], data: Float32Array.from(filled.flat()) };
  }
}

function wordProblem(text: string, line: number): Refused {
  if (text === "...")
    return { problem: `Line ${line}: “...” stands for numbers that were left out when it was printed.` };
  return { problem: `Line ${line}: “${text.slice(0, 24)}” is no number.` };
}

function ragged(at: number, line: number, found: readonly number[], first: readonly number[]): Refused {
  const words = (sizes: readonly number[]): string => (sizes.length === 0 ? "a number" : `(${sizes.join(", ")})`);
  return { problem: `Line ${line}: entry ${at} is ${words(found)}, those before it are ${words(first)}.` };
}
