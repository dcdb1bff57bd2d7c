/**
 * Scopes. A frame maps names to values; its Map is written only through the trail.
 * It knows nothing of how values are computed.
 */
import type { Dim, Facts } from "../shapes/index.ts";
import type { Demand } from "./demand.ts";
import { type Delta, newMap } from "./trail.ts";
import type { FunctionValue, Value } from "./value.ts";

export interface Frame {
  readonly variables: Map<string, Value>;
  /** Names that assignments in this scope bind; null where every assignment does (module and class bodies). */
  readonly locals: ReadonlySet<string> | null;
  /** The scope where free names are looked up next. Class bodies are skipped, as in Python. */
  readonly parent: Frame | null;
  readonly module: ModuleFrame;
  readonly isClassBody: boolean;
  /** Sizes that comments and annotations in this scope named. */
  readonly symbols: Map<string, Dim>;
  readonly function: FunctionValue | null;
  /** The receiver of a method call, whose integer attributes comments may name. */
  readonly self: Value | null;
}

export function newScope(): Map<string, Value> {
  return newMap(new Map<string, Value>());
}

export interface ModuleFrame extends Frame {
  readonly path: string;
  readonly name: string;
  /** Imports that are put off until their name is used. */
  readonly demands: Map<string, Demand>;
  /** Names bound more than once at module level: their value at the time of a call is not known. */
  volatile: ReadonlySet<string>;
}

/** Scopes that code may come back to after their function has ended. */
const held = new WeakSet<Frame>();

/** A function, a class or a generator was made in a scope: it lives on, and so do those around it. */
export function hold(frame: Frame): void {
  for (let at: Frame | null = frame; at !== null && !held.has(at); at = at.parent) held.add(at);
}

/** Whether something may still read a scope once its function has ended. */
export function isHeld(frame: Frame): boolean {
  return held.has(frame);
}

/** A way out of a function: the value returned, and what was known when it returned. */
export interface Exit {
  readonly value: Value;
  readonly facts: Facts;
  readonly delta: Delta;
  /** How many records existed then: earlier records may continue elsewhere. */
  readonly records: number;
}
