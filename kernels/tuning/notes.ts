/**
 * What is remembered of an adapter: which kernels were right on it, and which were fastest. The host may keep it from
 * one start to the next. It knows keys and sentences, not kernels.
 */

import type { TuningStore } from "../types.ts";

export class Notes {
  readonly #adapter: string;
  readonly #store: TuningStore | undefined;
  readonly #known = new Map<string, string>();

  constructor(device: GPUDevice, store: TuningStore | undefined) {
    this.#adapter = adapterName(device);
    this.#store = store;
  }

  /** What was noted, here or by the host. */
  async read(key: string): Promise<string | undefined> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // A host that cannot read is one that has nothing.
    const kept = await Promise.resolve(this.#store?.get(`${this.#adapter} | ${key}`)).catch(() => undefined);
    if (kept !== undefined) this.#known.set(key, kept);
    return kept;
  }

  async write(key: string, value: string): Promise<void> {
    this.#known.set(key, value);
    await Promise.resolve(this.#store?.set(`${this.#adapter} | ${key}`, value)).catch(() => undefined);
  }
}

function adapterName({ adapterInfo }: GPUDevice): string {
  const { vendor, architecture, device, description } = adapterInfo;
  return [vendor, architecture, device, description].filter((part) => part !== "").join(" ");
}

/** A short name for a long text. */
export function digest(text: string): string {
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193);
    high = Math.imul(high + low, 0x85ebca6b) ^ (high >>> 13);
  }
  return (low >>> 0).toString(36) + (high >>> 0).toString(36);
}
