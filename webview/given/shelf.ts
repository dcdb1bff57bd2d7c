/**
 * Where given values lie: in memory while the page lives, and in the browser's own store, so that a reload or a hidden
 * tab loses nothing. Each set of values has an id, which the state carries.
 */

import { countOf } from "./tensor.ts";

const STORE = "shapesight-values";
/** Older ones than these are let go. */
const KEPT = 16;

type Row = { readonly id: string; readonly at: number; readonly data: Float32Array };

class Shelf {
  readonly #values = new Map<string, Float32Array>();

  get(id: string): Float32Array | undefined {
    return this.#values.get(id);
  }

  /** Puts values on the shelf and gives their id. */
  put(data: Float32Array): string {
    const id = crypto.randomUUID();
    this.#values.set(id, data);
    void stored("readwrite", (rows) => rows.put({ id, at: Date.now(), data } satisfies Row)).then(letOldGo);
    return id;
  }

  /** Brings back what a state names; false where some of it is gone. */
  async bring(wanted: readonly { readonly id: string; readonly shape: readonly number[] }[]): Promise<boolean> {
    for (const { id } of wanted.filter((each) => !this.#values.has(each.id))) {
      const row = (await stored("readonly", (rows) => rows.get(id))) as Row | undefined;
      if (row?.data instanceof Float32Array) this.#values.set(id, row.data);
    }
    return wanted.every(({ id, shape }) => this.#values.get(id)?.length === countOf(shape));
  }
}

/** The page has one. */
export const shelf = new Shelf();

async function letOldGo(): Promise<void> {
  const rows = ((await stored("readonly", (all) => all.getAllKeys())) ?? []) as readonly string[];
  if (rows.length <= KEPT) return;
  const ages = await Promise.all(
    rows.map(async (id) => ({
      id,
      at: ((await stored("readonly", (all) => all.get(id))) as Row | undefined)?.at ?? 0,
    })),
  );
  const old = ages.sort((a, b) => b.at - a.at).slice(KEPT);
  for (const { id } of old) await stored("readwrite", (all) => all.delete(id));
}

/** One request to the store. Where there is none, as in a private window, values live as long as the page. */
async function stored(mode: IDBTransactionMode, ask: (rows: IDBObjectStore) => IDBRequest): Promise<unknown> {
  try {
    const database = await answer(opened());
    const result: unknown = await answer(ask(database.transaction(STORE, mode).objectStore(STORE)));
    database.close();
    return result;
  } catch {
    return undefined;
  }
}

function opened(): IDBOpenDBRequest {
  const request = indexedDB.open(STORE, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE, { keyPath: "id" }));
  return request;
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("The store did not answer.")));
  });
