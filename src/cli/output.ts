/**
 * Writing to the terminal: colours where they are wanted, and silence once nobody reads any more.
 */

export interface Paint {
  readonly dim: (text: string) => string;
  readonly shape: (text: string) => string;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** NO_COLOR and FORCE_COLOR decide where they are set, as other commands have it; otherwise whether it is a terminal. */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  const { NO_COLOR: off, FORCE_COLOR: on } = process.env;
  const colours =
    off !== undefined && off !== "" ? false : on !== undefined && on !== "0" ? true : stream.isTTY === true;
  const style = (opened: number, closed: number) => (text: string) =>
    colours && text !== "" ? `\u001B[${opened}m${text}\u001B[${closed}m` : text;
  return { dim: style(2, 22), shape: style(36, 39), error: style(31, 39), warning: style(33, 39), bold: style(1, 22) };
}

/** `head` closes its end after ten lines: that is no failure of ours. */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
}

/** Writes, and waits until what reads it is ready for more. */
export async function write(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}

/** A line that is overwritten by the next, on a terminal only. */
export function progress(text: string): void {
  if (!process.stderr.isTTY) return;
  const width = process.stderr.columns ?? 80;
  process.stderr.write(`\r\u001B[K${text.length >= width ? `${text.slice(0, width - 2)}…` : text}`);
}
