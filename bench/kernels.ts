// How the kernels compare with each other on this machine's software WebGPU adapter, as ratios to the naive one, by
// CPU time, since other work on the machine changes wall time. It says nothing about a GPU: software adapters have
// neither its caches nor its costs. DAWN_BACKEND=vulkan measures on the Vulkan driver of the machine instead.
import { createCpuKernels, createKernels, type Kernels } from "../kernels/index.ts";
import { attentionKernels } from "../kernels/attention/index.ts";
import { matmulKernels } from "../kernels/matmul/index.ts";
import { softwareDevice } from "../test/kernels/device.ts";
import { numbers } from "../test/kernels/numbers.ts";

const ROUNDS = 3;
const SECONDS = 0.4;

interface Row {
  readonly kernel: string;
  readonly flops: number;
  readonly run: () => Promise<unknown>;
}

/** Dawn's devices live only as long as the object that they came from. */
let instance: GPU | undefined;
const gpu = await createKernels(await device());
const cpu = createCpuKernels();
for (const size of [256, 512]) await table(`matmul ${size} × ${size} × ${size}`, matmulRows(size));
await table("attention (8, 512, 64)", attentionRows());
gpu.destroy();

async function device(): Promise<GPUDevice> {
  const backend = process.env["DAWN_BACKEND"];
  if (backend === undefined) return softwareDevice();
  const { create } = await import("webgpu");
  instance = create([`backend=${backend}`]);
  const adapter = await instance.requestAdapter();
  if (adapter === null) throw new Error(`Dawn found no adapter for the backend ${backend}.`);
  return adapter.requestDevice();
}

function matmulRows(size: number): readonly Row[] {
  const [a, b] = [numbers(size * size, 1), numbers(size * size, 2)];
  const request = { a, aShape: [size, size], b, bShape: [size, size] };
  const row = (kernels: Kernels, kernel: string): Row => {
    return { kernel, flops: 2 * size ** 3, run: () => kernels.matmul({ ...request, kernel }) };
  };
  return [...matmulKernels.map(({ name }) => row(gpu, name)), row(cpu, "cpu")];
}

function attentionRows(): readonly Row[] {
  const shape = [8, 512, 64];
  const [q, k, v] = [numbers(8 * 512 * 64, 1), numbers(8 * 512 * 64, 2), numbers(8 * 512 * 64, 3)];
  const request = { q, qShape: shape, k, kShape: shape, v, vShape: shape };
  const row = (kernels: Kernels, kernel: string, causal: boolean): Row => ({
    kernel: causal ? `${kernel}, causal` : kernel,
    flops: 4 * 8 * 512 * 512 * 64,
    run: () => kernels.attention({ ...request, kernel, causal }),
  });
  const each = [...attentionKernels.map(({ name }) => [gpu, name] as const), [cpu, "cpu"] as const];
  return [false, true].flatMap((causal) => each.map(([kernels, name]) => row(kernels, name, causal)));
}

/** Rounds are interleaved, so that a slow moment of the machine does not fall on one kernel alone. */
async function table(title: string, rows: readonly Row[]): Promise<void> {
  for (const row of rows) await row.run();
  const rates = rows.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, row] of rows.entries()) rates[i]?.push(await rate(row));
  }
  const medians = rates.map((all) => all.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN);
  console.log(`\n  ${title.padEnd(28)} GFLOP per CPU second   against the first`);
  for (const [i, { kernel }] of rows.entries()) {
    const own = medians[i] ?? NaN;
    console.log(
      `  ${kernel.padEnd(28)} ${own.toFixed(2).padStart(20)} ${(own / (medians[0] ?? NaN)).toFixed(2).padStart(16)} ×`,
    );
  }
}

async function rate(row: Row): Promise<number> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  let runs = 0;
  do {
    await row.run();
    runs++;
  } while (performance.now() - start < 1000 * SECONDS);
  const { user, system } = process.cpuUsage(before);
  return (row.flops * runs) / (user + system) / 1000;
}
