/**
 * GPU buffers, kept for reuse and freed when too many lie idle. It knows sizes and usages, not what buffers hold:
 * a buffer from here may still hold the numbers of an earlier job.
 */

/** The numbers behind `GPUBufferUsage` and `GPUMapMode`, which Node has no globals for. */
export const usage = {
  mapRead: 0x0001,
  copySource: 0x0004,
  copyTarget: 0x0008,
  uniform: 0x0040,
  storage: 0x0080,
  queryResolve: 0x0200,
} as const;
export const mapRead = 0x0001;

const keptBytes = 256 * 2 ** 20;

export class BufferPool {
  readonly #device: GPUDevice;
  readonly #idle = new Map<string, GPUBuffer[]>();
  #idleBytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  acquire(bytes: number, flags: number): GPUBuffer {
    const size = bucket(bytes, this.#device.limits.maxBufferSize);
    const reused = this.#idle.get(key(size, flags))?.pop();
    if (reused === undefined) return this.#device.createBuffer({ size, usage: flags });
    this.#idleBytes -= size;
    return reused;
  }

  release(buffer: GPUBuffer): void {
    if (this.#idleBytes + buffer.size > keptBytes) {
      buffer.destroy();
      return;
    }
    const name = key(buffer.size, buffer.usage);
    const row = this.#idle.get(name);
    if (row === undefined) this.#idle.set(name, [buffer]);
    else row.push(buffer);
    this.#idleBytes += buffer.size;
  }

  destroy(): void {
    for (const row of this.#idle.values()) for (const buffer of row) buffer.destroy();
    this.#idle.clear();
    this.#idleBytes = 0;
  }
}

function key(size: number, flags: number): string {
  return `${size} ${flags}`;
}

/** Sizes are rounded up to an eighth of a power of two, so that sizes a slider passes through share buffers. */
function bucket(bytes: number, most: number): number {
  const needed = Math.max(256, Math.ceil(bytes / 4) * 4);
  const grain = Math.max(256, 2 ** Math.floor(Math.log2(needed) - 3));
  const rounded = Math.ceil(needed / grain) * grain;
  return rounded <= most ? rounded : needed;
}
