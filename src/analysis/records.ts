/**
 * Brings recorded values up to date with what was learnt after them: a size that a later use bound
 * is shown as bound everywhere on that path. It decides when that is sound.
 */
import { type Facts, intersectFacts, type Shape } from "../shapes/index.ts";
import type { Activation, Machine, Record } from "./machine.ts";
import type { Operation } from "./result.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

/** Resolves the records from index `first` on (up to `end`) under what is known now. */
export function resolveRecords(m: Machine, first: number, end: number = m.records.length): void {
  for (let i = first; i < end; i++) {
    const record = m.records[i];
    if (record !== undefined) resolveRecord(m, record);
  }
}

function resolveRecord(m: Machine, record: Record): void {
  record.value = resolveValue(m, record.value);
  if (record.operation !== null) record.operation = resolveOperation(m, record.operation);
}

/** A copy of a record, resolved under what is known now. */
export function resolvedRecord(m: Machine, record: Record): Record {
  const { operation } = record;
  return {
    ...record,
    value: resolveValue(m, record.value),
    operation: operation === null ? null : resolveOperation(m, operation),
  };
}

export function resolveValue(m: Machine, value: Value): Value {
  const seen = follow(value);
  switch (seen.kind) {
    case "tensor": {
      const shape = m.solver.shape(seen.shape);
      return shape === seen.shape ? seen : { ...seen, shape };
    }
    case "int": {
      const dim = m.solver.dim(seen.value);
      return dim === seen.value ? seen : { kind: "int", value: dim };
    }
    case "tuple": {
      const items = seen.items.map((item) => resolveValue(m, item));
      return items.every((item, i) => item === seen.items[i]) ? seen : { kind: "tuple", items };
    }
    case "record": {
      const fields = new Map([...seen.fields].map(([name, field]) => [name, resolveValue(m, field)] as const));
      return { ...seen, fields };
    }
    case "union":
      return { kind: "union", options: seen.options.map((option) => resolveValue(m, option)) };
    default:
      return seen;
  }
}

function resolveOperation(m: Machine, operation: Operation): Operation {
  const shape = (s: Shape): Shape => m.solver.shape(s);
  return {
    ...operation,
    operands: operation.operands.map((operand) => ({ ...operand, shape: shape(operand.shape) })),
    contracts: operation.contracts.map((dim) => m.solver.dim(dim)),
    macs: operation.macs === null ? null : m.solver.dim(operation.macs),
    flops: operation.flops === null ? null : m.solver.dim(operation.flops),
    playground:
      operation.playground === null
        ? null
        : {
            ...operation.playground,
            operands: operation.playground.operands.map((operand) => ({ ...operand, shape: shape(operand.shape) })),
          },
  };
}

/**
 * Resolves the records of a finished function. A record that was made before an early return may go on
 * to that return, so it is only resolved with what holds at all the ways out that come after it.
 */
export function resolveActivation(m: Machine, activation: Activation, first: number, base: Facts): void {
  const after = m.solver.facts;
  let holds: Facts | null = null;
  let end = m.records.length;
  for (const exit of [...activation.exits].toReversed()) {
    if (holds !== null) {
      m.solver.facts = holds;
      resolveRecords(m, Math.max(first, exit.records), end);
      end = Math.min(end, exit.records);
    }
    holds = holds === null ? exit.facts : intersectFacts(holds, exit.facts, base);
  }
  if (holds !== null) m.solver.facts = holds;
  resolveRecords(m, first, Math.max(first, end));
  m.solver.facts = after;
}
