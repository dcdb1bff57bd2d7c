/** When a device is lost or given up, whatever waits for it is rejected with a sentence. It knows no work. */

export class Ending {
  #sentence: string | undefined;
  #reject: (error: Error) => void = () => undefined;
  readonly #ended: Promise<never>;

  constructor(device: GPUDevice) {
    this.#ended = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Nobody may be waiting when it happens.
    this.#ended.catch(() => undefined);
    void device.lost.then(({ message }) => {
      this.come(`The GPU device was lost${message === "" ? "" : ` (${message})`}. Start again on a new one.`);
    });
  }

  get hasCome(): boolean {
    return this.#sentence !== undefined;
  }

  /** The first reason given is the one that is told. */
  come(sentence: string): void {
    this.#sentence ??= sentence;
    this.#reject(new Error(this.#sentence));
  }

  throwIfCome(): void {
    if (this.#sentence !== undefined) throw new Error(this.#sentence);
  }

  /** The work's result, or a rejection as soon as the end comes. */
  orEnd<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.#ended, work]);
  }
}
