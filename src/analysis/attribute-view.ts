/**
 * The attributes of an object as a dict: `vars(config)` and `config.__dict__` are no copies, so that what is
 * written to one is read from the other.
 */
import type { DictValue, InstanceValue, Value } from "./value.ts";

export function dictOfAttributes(self: InstanceValue): DictValue {
  return { kind: "dict", entries: new AttributeView(self) };
}

const PREFIX = "s:";

/** Looks like the entries of a dict, and keeps nothing of its own. */
class AttributeView extends Map<string, Value> {
  readonly #self: InstanceValue;

  constructor(self: InstanceValue) {
    super();
    this.#self = self;
  }

  get #attributes(): Map<string, Value> {
    return this.#self.attributes;
  }

  override get size(): number {
    return [...this.keys()].length;
  }

  override get(key: string): Value | undefined {
    return key === "*" ? this.#rest() : this.#attributes.get(key.slice(PREFIX.length));
  }

  override has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  override set(key: string, value: Value): this {
    if (key === "*") this.#self.state.set("open", true);
    else this.#attributes.set(key.slice(PREFIX.length), value);
    return this;
  }

  override delete(key: string): boolean {
    return key === "*" ? this.#self.state.delete("open") : this.#attributes.delete(key.slice(PREFIX.length));
  }

  override *entries(): MapIterator<[string, Value]> {
    for (const [name, value] of this.#attributes) yield [`${PREFIX}${name}`, value];
    const rest = this.#rest();
    if (rest !== undefined) yield ["*", rest];
  }

  override *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  #rest(): Value | undefined {
    return this.#self.state.has("open") ? { kind: "unknown" } : undefined;
  }
}
