/**
 * Finding the GPU, and telling why there is none. It asks for all that the adapter offers, since kernels choose by
 * feature and by limit. It knows nothing of kernels or of the page.
 */

import type { Reason } from "./reason.ts";

export type Found = {
  readonly device: GPUDevice;
  /** `Apple M3`, `SwiftShader`: what the adapter calls itself. */
  readonly name: string;
  /** The adapter is a program on the CPU; speeds say nothing of a GPU. */
  readonly software: boolean;
  readonly features: readonly string[];
};

export async function findDevice(): Promise<Found | Reason> {
  if (!window.isSecureContext) return { kind: "insecure" };
  // The types promise a GPU; browsers do not.
  const gpu = navigator.gpu as GPU | undefined;
  if (gpu === undefined) return { kind: "no-api" };
  const adapter = await adapterOf(gpu);
  if (adapter === null) return { kind: "no-adapter", linux: /Linux/.test(navigator.userAgent) };
  try {
    const device = await adapter.requestDevice({
      requiredFeatures: WANTED.filter((feature) => adapter.features.has(feature)),
      requiredLimits: limitsOf(adapter),
    });
    return { device, ...describe(adapter, device) };
  } catch (error) {
    return { kind: "no-device", detail: error instanceof Error ? error.message : "" };
  }
}

async function adapterOf(gpu: GPU): Promise<GPUAdapter | null> {
  try {
    return (await gpu.requestAdapter({ powerPreference: "high-performance" })) ?? (await gpu.requestAdapter());
  } catch {
    return null;
  }
}

const WANTED: readonly GPUFeatureName[] = ["timestamp-query", "shader-f16", "subgroups"];

const limitsOf = (adapter: GPUAdapter): Record<string, number> => ({
  maxBufferSize: adapter.limits.maxBufferSize,
  maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
  maxComputeWorkgroupStorageSize: adapter.limits.maxComputeWorkgroupStorageSize,
  maxComputeInvocationsPerWorkgroup: adapter.limits.maxComputeInvocationsPerWorkgroup,
  maxComputeWorkgroupSizeX: adapter.limits.maxComputeWorkgroupSizeX,
});

/** Software adapters do not all say so; their names do. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

function describe(adapter: GPUAdapter, device: GPUDevice): Omit<Found, "device"> {
  const { vendor, architecture, description, device: model } = adapter.info;
  const text = [vendor, architecture, description, model].join(" ");
  const software = adapter.info.isFallbackAdapter || SOFTWARE.test(text);
  const shown = /swiftshader/i.test(text)
    ? "SwiftShader"
    : description || capital([vendor, architecture].filter(Boolean).join(" "));
  const features = [
    ...(device.features.has("shader-f16") ? ["f16"] : []),
    ...(device.features.has("subgroups") ? ["subgroups"] : []),
    ...(device.features.has("timestamp-query") ? ["timestamps"] : []),
  ];
  return { name: shown === "" ? "GPU" : shown, software, features };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
