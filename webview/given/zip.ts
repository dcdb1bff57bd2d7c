/** What a zip archive holds, read by its directory at the end, one entry at a time. It knows nothing of what is inside. */

import type { Refused } from "./tensor.ts";

export type Entry = {
  readonly name: string;
  /** The size of the content once unpacked. */
  readonly size: number;
  /** The content, or its first bytes only. */
  readonly read: (most?: number) => Promise<Uint8Array | Refused>;
};

const END = 0x06054b50;
const FILE = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

export async function entriesOf(archive: Blob, from: string): Promise<readonly Entry[] | Refused> {
  const damaged = { problem: `${from} is damaged, or not a zip archive.` };
  const tail = await viewOf(archive.slice(Math.max(0, archive.size - END_BYTES - LONGEST_COMMENT)));
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) return damaged;
  const [count, size, start] = [
    tail.getUint16(at + 10, true),
    tail.getUint32(at + 12, true),
    tail.getUint32(at + 16, true),
  ];
  if (start === 0xffffffff) return { problem: `${from} is an archive of more than 4 GiB, which is not read here.` };
  const directory = await viewOf(archive.slice(start, start + size));
  const entries: Entry[] = [];
  for (let place = 0; entries.length < count;) {
    if (place + 46 > directory.byteLength || directory.getUint32(place, true) !== FILE) return damaged;
    const [nameBytes = 0, extra = 0, comment = 0] = [28, 30, 32].map((field) =>
      directory.getUint16(place + field, true),
    );
    if (place + 46 + nameBytes > directory.byteLength) return damaged;
    const name = new TextDecoder().decode(new Uint8Array(directory.buffer, place + 46, nameBytes));
    entries.push(entry(archive, name, directory, place));
    place += 46 + nameBytes + extra + comment;
  }
  return entries;
}

function entry(archive: Blob, name: string, directory: DataView, place: number): Entry {
  const [method, packed, size, start] = [
    directory.getUint16(place + 10, true),
    directory.getUint32(place + 20, true),
    directory.getUint32(place + 24, true),
    directory.getUint32(place + 42, true),
  ];
  return {
    name,
    size,
    read: async (most = Infinity) => {
      const local = await viewOf(archive.slice(start, start + 30));
      if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL) return { problem: `${name} is damaged.` };
      const begin = start + 30 + local.getUint16(26, true) + local.getUint16(28, true);
      const content = archive.slice(begin, begin + packed);
      if (method === STORED) return new Uint8Array(await content.slice(0, most).arrayBuffer());
      if (method !== DEFLATED) return { problem: `${name} is packed in a way that is not known here.` };
      return inflated(content, name, Math.min(most, size));
    },
  };
}

async function inflated(content: Blob, name: string, wanted: number): Promise<Uint8Array | Refused> {
  const out = new Uint8Array(wanted);
  let filled = 0;
  try {
    const reader = content.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    while (filled < wanted) {
      const { done, value } = await reader.read();
      if (done) break;
      out.set(value.subarray(0, wanted - filled), filled);
      filled += value.length;
    }
    await reader.cancel();
  } catch {
    return { problem: `${name} is damaged: it cannot be unpacked.` };
  }
  return filled < wanted ? { problem: `${name} is damaged: it ends too early.` } : out;
}

const viewOf = async (part: Blob): Promise<DataView> => new DataView(await part.arrayBuffer());
