/** Whether a request's storage is one that there is. */

import { RequestError } from "../shapes.ts";
import type { Storage } from "../types.ts";

export function checkedStorage(storage: Storage = "float32"): Storage {
  if (storage === "float32" || storage === "float16") return storage;
  throw new RequestError(`There is no storage named ${String(storage)}; there is float32 and float16.`);
}
