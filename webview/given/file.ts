/** Files with tensors: which format it is by its name and its first bytes, and what it holds. */

import { npyHeader, NPY_HEADER_BYTES, readNpy } from "./npy.ts";
import { safetensorsIn } from "./safetensors.ts";
import { readText } from "./text.ts";
import { MOST_BYTES, type Given, type Offered, type Refused } from "./tensor.ts";
import { entriesOf, type Entry } from "./zip.ts";

const TEXT_ENDINGS = /\.(?:json|csv|tsv|txt|py)$/i;

/** The tensors in a file, none of them read yet except from a text. */
export async function tensorsIn(file: Blob, name: string): Promise<readonly Offered[] | Refused> {
  if (file.size === 0) return { problem: `${name} is empty.` };
  const first = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, i) => first[i] === byte);
  if (begins(0x93, 0x4e) || /\.npy$/i.test(name)) return npy(file, name);
  if (/\.(?:pt|pth|ckpt|pkl|bin)$/i.test(name))
    return { problem: `${name} may run code when it is read, so it is not; save the tensor as .safetensors or .npy.` };
  if (begins(0x50, 0x4b) || /\.npz$/i.test(name)) return npz(file, name);
  if (/\.safetensors$/i.test(name)) return safetensorsIn(file, name);
  if (TEXT_ENDINGS.test(name)) return text(file, name);
  return { problem: `${name} is of a kind that is not read here: .npy, .npz, .safetensors, .csv or .json.` };
}

async function npy(file: Blob, name: string): Promise<readonly Offered[] | Refused> {
  const header = npyHeader(new Uint8Array(await file.slice(0, NPY_HEADER_BYTES).arrayBuffer()), name);
  if ("problem" in header) return header;
  const read = async (): Promise<Given | Refused> =>
    file.size > 2 * MOST_BYTES + NPY_HEADER_BYTES
      ? { problem: `${name} is larger than a picture can show.` }
      : readNpy(new Uint8Array(await file.arrayBuffer()), name);
  return [{ name, shape: header.shape, dtype: header.numbers.dtype, read }];
}

async function npz(file: Blob, name: string): Promise<readonly Offered[] | Refused> {
  const entries = await entriesOf(file, name);
  if ("problem" in entries) return entries;
  const offers: Offered[] = [];
  let refused: Refused | undefined;
  for (const entry of entries.filter((each) => each.name.endsWith(".npy"))) {
    const offer = await fromEntry(entry, name);
    if ("problem" in offer) refused ??= offer;
    else offers.push(offer);
  }
  if (offers.length > 0) return offers;
  return refused ?? { problem: `${name} holds no .npy arrays.` };
}

async function fromEntry(entry: Entry, archive: string): Promise<Offered | Refused> {
  const name = entry.name.replace(/\.npy$/, "");
  const from = `${archive}: ${name}`;
  const start = await entry.read(NPY_HEADER_BYTES);
  if ("problem" in start) return start;
  const header = npyHeader(start, from);
  if ("problem" in header) return header;
  const read = async (): Promise<Given | Refused> => {
    if (entry.size > 2 * MOST_BYTES) return { problem: `${from} is larger than a picture can show.` };
    const bytes = await entry.read();
    return "problem" in bytes ? bytes : readNpy(bytes, from);
  };
  return { name, shape: header.shape, dtype: header.numbers.dtype, read };
}

async function text(file: Blob, name: string): Promise<readonly Offered[] | Refused> {
  if (file.size > MOST_BYTES / 16) return { problem: `${name} is too much text; save it as .npy.` };
  const given = readText(await file.text());
  if ("problem" in given) return { problem: `${name}: ${given.problem}` };
  return [{ name, shape: given.shape, dtype: "float32", read: () => Promise.resolve({ ...given, from: name }) }];
}
