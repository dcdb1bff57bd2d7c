/**
 * Remembers the lowered chunks by their text. It keeps everything the latest parse used, and of older
 * texts as many as fit, so that undoing an edit costs nothing.
 */
import type { Unit } from "../program/syntax.ts";

export interface UnitCache {
  get(text: string): Unit | undefined;
  add(unit: Unit): Unit;
  /** Forgets the texts that were not used for longest, but none used since the last trim. */
  trim(): void;
}

/** Characters of source; the lowered form takes some 20 to 40 bytes for each. */
const CAPACITY = 2_000_000;

export function createUnitCache(capacity: number = CAPACITY): UnitCache {
  const units = new Map<string, Unit>();
  let size = 0;
  let used = new Set<Unit>();
  return {
    get(text) {
      const unit = units.get(text);
      if (unit === undefined || used.has(unit)) return unit;
      used.add(unit);
      // A map keeps the order of insertion, so the least recently used come first.
      units.delete(unit.text);
      units.set(unit.text, unit);
      return unit;
    },
    add(unit) {
      units.set(unit.text, unit);
      used.add(unit);
      size += unit.text.length;
      return unit;
    },
    trim() {
      for (const [text, unit] of units) {
        if (size <= capacity || used.has(unit)) break;
        units.delete(text);
        size -= text.length;
      }
      used = new Set();
    },
  };
}
