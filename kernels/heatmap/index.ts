/**
 * Draws a matrix that lies in a GPU buffer into a texture, without reading it back. It knows buffers and colours; not
 * where the texture is shown, nor what the matrix means.
 */

import { BufferPool, usage } from "../device/buffers.ts";
import { checked } from "../device/scopes.ts";
import { RequestError } from "../shapes.ts";
import type { GpuMatrix } from "../types.ts";
import wgsl from "./heat-map.wgsl";

export interface HeatMapLook {
  /** Spread evenly from `low` to `high`: red, green, blue and opacity, eight bits each from the lowest on. */
  readonly colours: Uint32Array;
  readonly low: number;
  readonly high: number;
  /** The colour of NaN and of ±∞. */
  readonly notFinite: number;
  /** Pixels left free at the end of each cell. */
  readonly gap?: number | undefined;
}

export interface HeatMapTarget {
  /** For example `context.getCurrentTexture().createView()` of a canvas. */
  readonly view: GPUTextureView;
  readonly width: number;
  readonly height: number;
}

/** The visible part of the matrix in cells, which need not be whole; all of it unless given. */
export interface HeatMapRegion {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

export interface HeatMaps {
  /** Draws one matrix over the whole target; the colours are premultiplied by their opacity. */
  draw(target: HeatMapTarget, matrix: GpuMatrix, look: HeatMapLook, region?: HeatMapRegion): Promise<void>;
  destroy(): void;
}

/** `GPUShaderStage.FRAGMENT`, which Node has no global for. */
const fragment = 0x2;

/** Heat maps on this device, for targets of this format. */
export function createHeatMaps(device: GPUDevice, format: GPUTextureFormat): HeatMaps {
  const pool = new BufferPool(device);
  const pipelines = new Map<boolean, Promise<GPURenderPipeline>>();
  const pipelineFor = (half: boolean): Promise<GPURenderPipeline> => {
    const made = pipelines.get(half) ?? compile(device, format, half);
    pipelines.set(half, made);
    return made;
  };
  return {
    draw: async (target, matrix, look, region) => {
      check(target, matrix, look);
      const pipeline = await pipelineFor(matrix.storage === "float16");
      const uniform = pool.acquire(64, usage.uniform | usage.copyTarget);
      const colours = pool.acquire(look.colours.byteLength, usage.storage | usage.copyTarget);
      device.queue.writeBuffer(uniform, 0, params(target, matrix, look, region));
      device.queue.writeBuffer(colours, 0, look.colours.slice());
      const { accepted } = checked(device, () =>
        submit(device, pipeline, target.view, [uniform, matrix.buffer, colours]),
      );
      // The queue keeps order: whoever gets these buffers next writes them after this picture is drawn.
      pool.release(uniform);
      pool.release(colours);
      await accepted;
    },
    destroy: () => pool.destroy(),
  };
}

function check({ width, height }: HeatMapTarget, matrix: GpuMatrix, look: HeatMapLook): void {
  if (!(width >= 1 && height >= 1)) throw new RequestError(`A picture of ${width} × ${height} pixels has none.`);
  if (look.colours.length === 0) throw new RequestError("A heat map needs at least one colour.");
  if (!(look.low < look.high)) {
    throw new RequestError(`The colours run from ${look.low} to ${look.high}; the first must be less.`);
  }
  const { rows, columns, offset, rowStride, columnStride } = matrix;
  const last = offset + Math.max(0, rows - 1) * rowStride + Math.max(0, columns - 1) * columnStride;
  const held = matrix.buffer.size / (matrix.storage === "float16" ? 2 : 4);
  if (last >= held) throw new RequestError(`The matrix ends at number ${last}, and the buffer holds ${held}.`);
}

async function compile(device: GPUDevice, format: GPUTextureFormat, half: boolean): Promise<GPURenderPipeline> {
  const module = device.createShaderModule({ code: wgsl });
  const types = ["uniform", "read-only-storage", "read-only-storage"] as const;
  const entries = types.map((type, binding) => ({ binding, visibility: fragment, buffer: { type } }));
  const layout = device.createPipelineLayout({ bindGroupLayouts: [device.createBindGroupLayout({ entries })] });
  return device.createRenderPipelineAsync({
    label: "heat-map",
    layout,
    vertex: { module, entryPoint: "corner" },
    fragment: { module, entryPoint: "pixel", targets: [{ format }], constants: { HALF: half ? 1 : 0 } },
  });
}

function params(target: HeatMapTarget, matrix: GpuMatrix, look: HeatMapLook, region?: HeatMapRegion): ArrayBuffer {
  const { row, column, rows, columns } = region ?? { row: 0, column: 0, rows: matrix.rows, columns: matrix.columns };
  const bytes = new ArrayBuffer(64);
  new Float32Array(bytes).set([target.width, target.height, row, column, rows, columns, look.low, look.high]);
  const place = [matrix.offset, matrix.rowStride, matrix.columnStride, matrix.rows, matrix.columns];
  new Uint32Array(bytes).set([...place, look.colours.length, look.notFinite], 8);
  new Float32Array(bytes).set([look.gap ?? 0], 15);
  return bytes;
}

function submit(
  device: GPUDevice,
  pipeline: GPURenderPipeline,
  view: GPUTextureView,
  buffers: readonly GPUBuffer[],
): void {
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const encoder = device.createCommandEncoder();
  const attachment = { view, loadOp: "clear", storeOp: "store" } as const;
  const pass = encoder.beginRenderPass({ colorAttachments: [attachment] });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.draw(3);
  pass.end();
  device.queue.submit([encoder.finish()]);
}
