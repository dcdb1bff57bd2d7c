/** Gives the thread back in the middle of long work, so that a page stays alive. It knows time and nothing else. */

const longestTurn = 12;
/** Looking at the clock costs more than this much work. */
const workPerLook = 200_000;

/** Call the result with the amount of work just done. It waits a turn when one is due, and throws once aborted. */
export function pause(signal: AbortSignal | undefined): (work: number) => Promise<void> {
  let turn = performance.now();
  let work = 0;
  return async (done) => {
    work += done;
    if (work < workPerLook) return;
    work = 0;
    if (performance.now() - turn < longestTurn) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    turn = performance.now();
  };
}
