/**
 * Compiled programs, each compiled once for each set of constants. It turns a compiler's complaint into a sentence;
 * it knows nothing of buffers or of what the programs compute.
 */

import type { Complaint } from "../types.ts";
import type { Program } from "./job.ts";

const compute = 0x4;

/** A program that the device's compiler refuses. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  readonly program: string;
  readonly complaints: readonly Complaint[];

  constructor(sentence: string, program: string, complaints: readonly Complaint[], options: ErrorOptions) {
    super(sentence, options);
    this.program = program;
    this.complaints = complaints;
  }
}

async function complaintsOf(module: GPUShaderModule): Promise<readonly Complaint[]> {
  const { messages } = await module.getCompilationInfo();
  return messages.map((said) => ({
    line: said.lineNum,
    column: said.linePos,
    length: said.length,
    message: said.message,
    severity: said.type,
  }));
}

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
      const complaints = (await complaintsOf(module)).filter(({ severity }) => severity === "error");
      const detail = complaints.map(({ line, message }) => `line ${line}: ${message}`).join("; ");
      const sentence = `The kernel ${program.name} does not compile on this device: ${detail || String(error)}.`;
      throw new CompileError(sentence, program.name, complaints, { cause: error });
    }
  }

  /** What the compiler says of a text, without running it. */
  complaints(wgsl: string): Promise<readonly Complaint[]> {
    return complaintsOf(this.#module(wgsl));
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
