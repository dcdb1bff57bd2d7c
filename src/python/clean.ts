/**
 * Makes text readable for the grammar without moving a character: stray control characters and
 * notebook commands become blanks. It knows lines and IPython's line syntax, nothing of Python's grammar.
 */
import { freshState, scanLine, startsStatement } from "./lines.ts";

/** Cell magics whose cell is still Python. */
const PYTHON_CELLS = /^%%(?:time|timeit|capture|prun|debug|memit|mprun|lprun|python3?|px|ipytest)\b/;

/** A notebook cell that is not Python at all, such as `%%bash`. */
export function isForeignCell(text: string): boolean {
  const first = /^\s*(%%.*)/.exec(text)?.[1];
  return first !== undefined && !PYTHON_CELLS.test(first);
}

const MAYBE_COMMAND = /^[ \t]*[%!?]|\?[ \t]*$/m;

/** Text of the same length, in which only what Python would read is left. */
export function cleanSource(text: string): string {
  let clean = text;
  if (/[\0\uFEFF]|\r(?!\n)/.test(clean)) {
    clean = clean.replace(/[\0\uFEFF]/g, " ").replace(/\r(?!\n)/g, "\n");
  }
  return MAYBE_COMMAND.test(clean) ? blankCommands(clean) : clean;
}

function blankCommands(text: string): string {
  const state = freshState();
  const kept: string[] = [];
  let done = 0;
  let position = 0;
  let inCommand = false;
  while (position < text.length) {
    const fresh = startsStatement(state);
    const line = scanLine(text, position, state);
    const source = text.slice(line.content, line.end);
    inCommand = (inCommand || fresh) && (inCommand || isCommand(source));
    if (inCommand) {
      const foreign = isForeignCell(text) && text.slice(0, line.start).trim() === "";
      const end = foreign ? text.length : line.end;
      kept.push(text.slice(done, line.content), text.slice(line.content, end).replace(/[^\r\n]/g, " "));
      done = end;
      state.closers.length = 0;
      state.quote = "";
      state.continued = false;
      inCommand = source.endsWith("\\");
      if (foreign) break;
    }
    position = line.next;
  }
  return kept.join("") + text.slice(done);
}

/** `%magic`, `!command`, `?name` and `name?` start no Python statement. */
function isCommand(source: string): boolean {
  return /^[%!?]/.test(source) || /^[\w.]+\?{1,2}[ \t]*$/.test(source);
}
