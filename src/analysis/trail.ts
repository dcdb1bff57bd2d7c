/**
 * The undo log of the interpreter. Every change of a scope, an object or a container goes through it,
 * so that a branch can be run, taken back, and joined with another at a cost that is proportional to
 * what it changed. It knows nothing of what it stores.
 */

import { entryOf } from "../shapes/index.ts";

export type Cell = Map<unknown, unknown>;

interface Entry {
  readonly map: Cell;
  readonly key: unknown;
  readonly had: boolean;
  readonly old: unknown;
}

/** What a stretch of execution changed: the last value of each cell; `ABSENT` for a deleted one. */
export type Delta = ReadonlyMap<Cell, ReadonlyMap<unknown, unknown>>;

export const ABSENT = Symbol("absent");

/** Maps are numbered as they are made, so that a loop can tell those of its own turns from those it found. */
let made = 0;
const numbers = new WeakMap<object, number>();

export function mapsMade(): number {
  return made;
}

/** Numbers a map that was just made. */
export function newMap<K, V>(map: Map<K, V>): Map<K, V> {
  numbers.set(map, ++made);
  return map;
}

/** Whether a map was made when there were `count` of them already. */
export function isNewer(map: object, count: number): boolean {
  return (numbers.get(map) ?? 0) > count;
}

/** Maps that belong to others, who want to know what is written there. */
const watched = new WeakSet<object>();

export function watch(map: object): void {
  watched.add(map);
}

export class Trail {
  readonly #entries: Entry[] = [];
  /** The places of the entries of watched maps. */
  #watched: number[] = [];

  set<K, V>(map: Map<K, V>, key: K, value: V): void {
    this.#log(map, key);
    map.set(key, value);
  }

  delete<K, V>(map: Map<K, V>, key: K): void {
    if (!map.has(key)) return;
    this.#log(map, key);
    map.delete(key);
  }

  mark(): number {
    return this.#entries.length;
  }

  /** What changed since `mark`, without taking it back. */
  since(mark: number): Delta {
    const delta = new Map<Cell, Map<unknown, unknown>>();
    for (let i = mark; i < this.#entries.length; i++) {
      const entry = this.#entries[i];
      if (entry === undefined) continue;
      const cells = entryOf(delta, entry.map, () => new Map<unknown, unknown>());
      cells.set(entry.key, entry.map.has(entry.key) ? entry.map.get(entry.key) : ABSENT);
    }
    return delta;
  }

  /** Takes everything since `mark` back and returns what it was. */
  undo(mark: number): Delta {
    const delta = this.since(mark);
    for (let i = this.#entries.length - 1; i >= mark; i--) {
      const entry = this.#entries[i];
      if (entry === undefined) continue;
      if (entry.had) entry.map.set(entry.key, entry.old);
      else entry.map.delete(entry.key);
    }
    this.#entries.length = mark;
    this.#unwatch(mark);
    return delta;
  }

  /** Leaves out what was written since `mark` to maps that nobody will read again. */
  forget(mark: number, maps: ReadonlySet<unknown>): void {
    let kept = mark;
    this.#unwatch(mark);
    for (let i = mark; i < this.#entries.length; i++) {
      const entry = this.#entries[i];
      if (entry === undefined || maps.has(entry.map)) continue;
      if (watched.has(entry.map)) this.#watched.push(kept);
      this.#entries[kept++] = entry;
    }
    this.#entries.length = kept;
  }

  #unwatch(mark: number): void {
    while ((this.#watched.at(-1) ?? -1) >= mark) this.#watched.pop();
  }

  apply(delta: Delta): void {
    for (const [map, cells] of delta) {
      for (const [key, value] of cells) {
        if (value === ABSENT) this.delete(map, key);
        else this.set(map, key, value);
      }
    }
  }

  /** Every value that the cells written since `mark` have held, the ones before included. */
  history(mark: number): Iterable<History> {
    return historyOf(this.#entries.slice(mark));
  }

  /** The same for all that was written to watched maps. */
  watchedHistory(): Iterable<History> {
    return historyOf(this.#watched.flatMap((at) => this.#entries[at] ?? []));
  }

  /** Whether a cell of a watched map has been written. */
  hasWritten(map: object, key: unknown): boolean {
    return this.#watched.some((at) => this.#entries[at]?.map === map && this.#entries[at]?.key === key);
  }

  #log(map: Cell, key: unknown): void {
    if (watched.has(map)) this.#watched.push(this.#entries.length);
    this.#entries.push({ map, key, had: map.has(key), old: map.get(key) });
  }
}

interface History {
  readonly map: Cell;
  readonly key: unknown;
  readonly values: readonly unknown[];
}

function* historyOf(entries: readonly Entry[]): Iterable<History> {
  const seen = new Map<Cell, Map<unknown, unknown[]>>();
  for (const entry of entries) {
    const cells = entryOf(seen, entry.map, () => new Map<unknown, unknown[]>());
    entryOf(cells, entry.key, (): unknown[] => []).push(entry.had ? entry.old : ABSENT);
  }
  for (const [map, cells] of seen) {
    for (const [key, values] of cells) {
      yield { map, key, values: [...values, map.has(key) ? map.get(key) : ABSENT] };
    }
  }
}
