/**
 * WebGPU tells errors apart from the calls that cause them; this brings both together again. The scopes are opened and
 * closed without a pause between, so other users of the device are not disturbed.
 */

interface Checked<T> {
  readonly result: T;
  /** Rejects if the device refused what `work` asked for. Resolves when the device has looked at it. */
  readonly accepted: Promise<void>;
}

/** Does what asks the device for something, and says whether the device refused it. */
export function checked<T>(device: GPUDevice, work: () => T): Checked<T> {
  device.pushErrorScope("validation");
  try {
    const result = work();
    return { result, accepted: accept(device.popErrorScope(), (message) => `The device refused the work: ${message}`) };
  } catch (error) {
    void device.popErrorScope();
    throw error;
  }
}

/** Allocates, and says whether there was memory for it. */
export function allocated<T>(device: GPUDevice, work: () => T): Checked<T> {
  device.pushErrorScope("out-of-memory");
  const result = work();
  const sentence = "The device is out of memory. Smaller sizes need less of it.";
  return { result, accepted: accept(device.popErrorScope(), () => sentence) };
}

async function accept(scope: Promise<GPUError | null>, sentence: (message: string) => string): Promise<void> {
  const error = await scope;
  if (error !== null) throw new Error(sentence(error.message));
}
