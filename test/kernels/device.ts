/**
 * A software WebGPU device for the kernel tests: Mesa's llvmpipe through Dawn, the same on every machine. It knows how
 * to get one and what to install if there is none.
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const missing =
  "The kernel tests need a software WebGPU adapter, and none was found. On Debian: " +
  "apt-get install libegl1 libgles2 libegl-mesa0 libgl1-mesa-dri";

/** Dawn keeps working only as long as the GPU object that made the device is referenced. */
const kept: GPU[] = [];

/** A new device each time, since a test may destroy it. */
export async function softwareDevice(descriptor: GPUDeviceDescriptor = {}): Promise<GPUDevice> {
  // Mesa reads these when the module loads it.
  process.env["EGL_PLATFORM"] = "surfaceless";
  process.env["XDG_RUNTIME_DIR"] ??= mkdtempSync(path.join(tmpdir(), "kernels-"));
  const { create } = await import("webgpu");
  const gpu = create(["backend=opengl"]);
  kept.push(gpu);
  const adapter = await gpu.requestAdapter({ featureLevel: "compatibility" }).catch(() => null);
  if (adapter === null) throw new Error(missing);
  return adapter.requestDevice(descriptor);
}

/** The same device, said to allow less than it does, so that limits can be met without much work. */
export function limited(device: GPUDevice, less: Partial<Record<keyof GPUSupportedLimits, number>>): GPUDevice {
  const limits = new Proxy(device.limits, {
    get: (target, name): unknown => Reflect.get(less, name) ?? Reflect.get(target, name, target),
  });
  return new Proxy(device, {
    get: (target, name): unknown => {
      const own: unknown = name === "limits" ? limits : Reflect.get(target, name, target);
      return typeof own === "function" ? (own.bind(target) as unknown) : own;
    },
  });
}
