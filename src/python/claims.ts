/**
 * Finds of whom a shape comment speaks, from the words before the shape and those of the statement.
 */
import type { ShapeNote } from "../program/syntax.ts";
import type { ShapeClaim } from "./notes.ts";

/** Words that announce something else than the value of the line. */
const ELSEWHERE =
  /^(?:inputs?|in|before|from|expects?|expected|was|originally|original|old|previously|args?|arguments?|note|todo|fixme|example|eg|e\.g\.?|i\.e\.?|see|warning|hack|xxx|if|when|else|or|and|assumes?|assert|kernel|stride|padding|kernel_size|kernel size|pool|grid|position|index|indices|idx|range|default|step|order|interval|bounds|coordinates|point|broadcast\w*|like|vs|not|instead)\b/i;

/** Looks like a variable of the program rather than a word that describes. */
const VARIABLE = /^(?:[A-Za-z]|[A-Z]{2,3}|\w*[_\d]\w*|[a-z]+[A-Z]\w*|\w+\.[\w.]+)$/;

/** The lead means something else than the value or parameter beside which it stands. */
export function describesOther(lead: string): boolean {
  return VARIABLE.test(lead);
}

/** The note with its subject, or null if it speaks of something that the statement does not mention. */
export function resolveSubject(claim: ShapeClaim, statement: string): ShapeNote | null {
  const { lead, note, owned } = claim;
  if (lead === "") return note;
  if (mentions(statement, lead)) return { ...note, subject: lead };
  if (owned) return null;
  return ELSEWHERE.test(lead) || VARIABLE.test(lead) ? null : note;
}

function mentions(statement: string, lead: string): boolean {
  if (!/^[^\W\d][\w.]*$/u.test(lead)) return false;
  for (let at = statement.indexOf(lead); at !== -1; at = statement.indexOf(lead, at + 1)) {
    const before = statement.charAt(at - 1);
    const after = statement.charAt(at + lead.length);
    if (!/[\w.]/.test(before) && !/\w/.test(after)) return true;
  }
  return false;
}

/** A parameter of such a name holds sizes: a tuple beside it is its value, not its shape. */
export function holdsSizes(name: string): boolean {
  return /size|shape|stride|padding|kernel|dilation|range|dims?$|axes|axis|perm|order|window|grid/i.test(name);
}
