/**
 * Giving an operand its values: a text that is being typed or pasted, a file that was dropped, the tensors that it
 * offers. It reads and judges them; what the bench makes of them is decided by whoever takes them.
 */

import { tensorsIn } from "./given/file.ts";
import type { Given, Offered, Refused } from "./given/tensor.ts";
import { readText } from "./given/text.ts";

/** What is under way for one operand. */
export type Giving = {
  readonly operand: number;
  readonly text: string;
  /** What the text says, so far. */
  readonly read: Given | Refused | undefined;
  readonly file: string | undefined;
  /** The tensors of the file, when there is a choice. */
  readonly offers: readonly Offered[];
  /** Why the file, or the values in it, cannot be used. */
  readonly refused: string | undefined;
};

export const NOTHING_GIVEN: Omit<Giving, "operand"> = {
  text: "",
  read: undefined,
  file: undefined,
  offers: [],
  refused: undefined,
};

export type GivingEvents = {
  readonly changed: (giving: Giving | undefined) => void;
  /** Takes the values; a sentence says why they do not fit. */
  readonly take: (operand: number, given: Given) => string | undefined;
};

/** Lives as long as the page; the latest file or text wins. */
export class Giver {
  readonly #events: GivingEvents;
  #giving: Giving | undefined;
  #turn = 0;

  constructor(events: GivingEvents) {
    this.#events = events;
  }

  open(operand: number): void {
    this.#turn++;
    this.#set({ operand, ...NOTHING_GIVEN });
  }

  close(): void {
    this.#turn++;
    this.#set(undefined);
  }

  type(text: string): void {
    if (this.#giving === undefined) return;
    this.#set({ ...this.#giving, text, read: text.trim() === "" ? undefined : readText(text), refused: undefined });
  }

  /** Takes what was typed. */
  use(): void {
    const { operand, read } = this.#giving ?? {};
    if (operand !== undefined && read !== undefined && "data" in read) this.#take(operand, read);
  }

  async file(operand: number, file: File): Promise<void> {
    const turn = ++this.#turn;
    this.#set({ operand, ...NOTHING_GIVEN, file: file.name });
    const offers = await tensorsIn(file, file.name).catch(unreadable(file.name));
    if (turn !== this.#turn) return;
    if ("problem" in offers) return this.#refuse(offers.problem);
    this.#set({ operand, ...NOTHING_GIVEN, file: file.name, offers });
    const [only] = offers;
    if (only !== undefined && offers.length === 1) await this.choose(only);
  }

  async choose(offer: Offered): Promise<void> {
    const operand = this.#giving?.operand;
    if (operand === undefined) return;
    const turn = ++this.#turn;
    const given = await offer.read().catch(unreadable(offer.name));
    if (turn !== this.#turn) return;
    if ("problem" in given) this.#refuse(given.problem);
    else this.#take(operand, given);
  }

  #take(operand: number, given: Given): void {
    const problem = this.#events.take(operand, given);
    if (problem === undefined) this.close();
    else this.#refuse(problem);
  }

  #refuse(refused: string): void {
    if (this.#giving !== undefined) this.#set({ ...this.#giving, refused });
  }

  #set(giving: Giving | undefined): void {
    this.#giving = giving;
    this.#events.changed(giving);
  }
}

const unreadable =
  (name: string) =>
  (error: unknown): Refused => ({
    problem: `${name} could not be read${error instanceof Error && error.message !== "" ? `: ${error.message}` : ""}.`,
  });
