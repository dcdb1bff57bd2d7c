/**
 * Changes of texts: how they are applied, and where a place of the old text lies in the new one. It knows texts only.
 */
export interface Edit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly text: string;
}

/** The text of one file with its edits, which do not overlap. */
export function applied(path: string, text: string, edits: readonly Edit[]): string {
  const own = edits.filter((edit) => edit.path === path).toSorted((a, b) => b.start - a.start);
  return own.reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}

/** Where the start of a span has gone; within replaced text it is the start of what replaces it. */
export function movedStart(path: string, offset: number, edits: readonly Edit[]): number {
  return moved(path, offset, edits, (edit) => edit.end <= offset && !(edit.start === offset && edit.end === offset));
}

/** Where the end of a span has gone; what is inserted right behind a span belongs to it. */
export function movedEnd(path: string, offset: number, edits: readonly Edit[]): number {
  return moved(path, offset, edits, (edit) => edit.end <= offset);
}

function moved(path: string, offset: number, edits: readonly Edit[], isBefore: (edit: Edit) => boolean): number {
  let at = offset;
  for (const edit of edits) {
    if (edit.path !== path) continue;
    if (isBefore(edit)) at += edit.text.length - (edit.end - edit.start);
    else if (edit.start < offset && offset < edit.end) at -= offset - edit.start;
  }
  return at;
}
