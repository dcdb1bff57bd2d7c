/**
 * Compiled programs, each compiled once for each set of constants. It turns a compiler's complaint into a sentence;
 * it knows nothing of buffers or of what the programs compute.
 */

import type { Program } from "./job.ts";

const compute = 0x4;

export class Programs {
  readonly #device: GPUDevice;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #modules = new Map<string, GPUShaderModule>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  pipeline(program: Program, constants: Readonly<Record<string, number>> = {}): Promise<GPUComputePipeline> {
    const key = JSON.stringify([program.wgsl, program.bindings, constants]);
    const known = this.#pipelines.get(key);
    if (known !== undefined) return known;
    const made = this.#compile(program, constants);
    this.#pipelines.set(key, made);
    made.catch(() => this.#pipelines.delete(key));
    return made;
  }

  async #compile(program: Program, constants: Readonly<Record<string, number>>): Promise<GPUComputePipeline> {
    const module = this.#module(program.wgsl);
    const entries = program.bindings.map((type, binding) => ({ binding, visibility: compute, buffer: { type } }));
    const layout = this.#device.createPipelineLayout({
      bindGroupLayouts: [this.#device.createBindGroupLayout({ entries })],
    });
    try {
      return await this.#device.createComputePipelineAsync({
        label: program.name,
        layout,
        compute: { module, entryPoint: "main", constants },
      });
    } catch (error) {
      const complaints = (await module.getCompilationInfo()).messages.filter((message) => message.type === "error");
      const detail = complaints.map((message) => `line ${message.lineNum}: ${message.message}`).join("; ");
      throw new Error(`The kernel ${program.name} does not compile on this device: ${detail || String(error)}.`, {
        cause: error,
      });
    }
  }

  #module(wgsl: string): GPUShaderModule {
    const known = this.#modules.get(wgsl);
    if (known !== undefined) return known;
    this.#device.pushErrorScope("validation");
    const made = this.#device.createShaderModule({ code: wgsl });
    // The complaint is read through getCompilationInfo, once the pipeline fails.
    void this.#device.popErrorScope();
    this.#modules.set(wgsl, made);
    return made;
  }
}
