/**
 * A device that has subgroups of any size, made from one that has none: the operations are rewritten so that threads
 * exchange numbers through workgroup memory. It knows the few forms in which kernels use them.
 */

const exchange = `
var<workgroup> exchanged: array<vec4f, 128>;

fn emulatedShuffle(value: vec4f, source: u32, thread: u32, size: u32) -> vec4f {
  exchanged[thread] = value;
  workgroupBarrier();
  let got = exchanged[thread / size * size + source];
  workgroupBarrier();
  return got;
}
`;

/** The same text without subgroups, for threads that behave as if they had subgroups of `size`. */
export function emulated(wgsl: string, size: number): string {
  if (!wgsl.includes("enable subgroups;")) return wgsl;
  const plain = wgsl
    .replace("enable subgroups;", "")
    .replace(/@builtin\(subgroup_invocation_id\) lane: u32,\n\s*/, "")
    .replace(/@builtin\(subgroup_size\) size: u32,\n/, "")
    .replace(/(fn main\([^{]*\{)/, `$1\n  let size = ${size}u;\n  let lane = index % size;`)
    .replaceAll(/subgroupShuffle\((\w+), (\w+)\)/g, "emulatedShuffle($1, $2, index, size)");
  if (/subgroup_|subgroup[A-Z]/.test(plain.replaceAll(/\/\/.*/g, ""))) {
    throw new Error("A kernel uses subgroups in a way that is not emulated.");
  }
  return plain + exchange;
}

export function withSubgroups(device: GPUDevice, size: number): GPUDevice {
  const features = new Proxy(device.features, {
    get: (target, name): unknown => {
      if (name === "has") return (feature: string) => feature === "subgroups" || target.has(feature);
      const own: unknown = Reflect.get(target, name, target);
      return typeof own === "function" ? (own.bind(target) as unknown) : own;
    },
  });
  return new Proxy(device, {
    get: (target, name): unknown => {
      if (name === "features") return features;
      if (name === "createShaderModule") {
        return ({ code }: GPUShaderModuleDescriptor) => target.createShaderModule({ code: emulated(code, size) });
      }
      const own: unknown = Reflect.get(target, name, target);
      return typeof own === "function" ? (own.bind(target) as unknown) : own;
    },
  });
}
