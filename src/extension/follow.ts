/**
 * Where in a document an operation stands while the text around it is edited. It knows ranges and edits only.
 */

interface Place {
  readonly line: number;
  readonly character: number;
}

export interface Stretch {
  readonly start: Place;
  readonly end: Place;
}

/** One replacement, in positions of the text before it. */
export interface Edit {
  readonly range: Stretch;
  readonly text: string;
}

/** The stretch after these edits; one inside it grows or shrinks it. */
export function followed(stretch: Stretch, edits: readonly Edit[]): Stretch {
  // The edits of one event all speak of the text before it; from the last to the first, none moves another's place.
  const backwards = edits.toSorted((a, b) => compare(b.range.start, a.range.start));
  return backwards.reduce<Stretch>(
    ({ start, end }, edit) => ({
      // What is typed right before the start stays outside, and so does what is typed right behind the end.
      start: compare(edit.range.end, start) <= 0 ? shifted(start, edit) : earlier(start, edit.range.start),
      end: compare(edit.range.start, end) >= 0 ? end : endAfter(end, edit),
    }),
    stretch,
  );
}

function endAfter(end: Place, edit: Edit): Place {
  return compare(edit.range.end, end) <= 0 ? shifted(end, edit) : endOf(edit);
}

/** A place at or behind an edit, after it. */
function shifted(at: Place, edit: Edit): Place {
  const end = endOf(edit);
  const { range } = edit;
  const character = at.line === range.end.line ? end.character + at.character - range.end.character : at.character;
  return { line: at.line + end.line - range.end.line, character };
}

/** Where the inserted text ends. */
function endOf({ range, text }: Edit): Place {
  const lines = text.split(/\r\n|\r|\n/);
  const last = (lines.at(-1) ?? "").length;
  const line = range.start.line + lines.length - 1;
  return { line, character: lines.length === 1 ? range.start.character + last : last };
}

function earlier(a: Place, b: Place): Place {
  return compare(a, b) <= 0 ? a : b;
}

function compare(a: Place, b: Place): number {
  return a.line - b.line || a.character - b.character;
}
