/** From a request to the axes of an elementwise operation, and what each operation means. Shared by every device. */

import { broadcast, broadcastStrides, checkTensor, printShape, RequestError } from "../shapes.ts";
import type { Activation, ElementwiseOperation, ElementwiseRequest, Shape } from "../types.ts";
import { activate, activations } from "./activation.ts";

type Unary = Exclude<ElementwiseOperation, Activation | Binary>;
type Binary = (typeof binaries)[number];

const unaries = ["negate", "abs", "exp", "log", "sqrt", "sin", "cos"] as const;
const binaries = ["add", "subtract", "multiply", "divide", "maximum", "minimum"] as const;

/** In the order of the codes in `elementwise.wgsl`. */
const operations: readonly ElementwiseOperation[] = [...activations, ...unaries, ...binaries];

/** How a result is read from its operands: lengths, and strides along each axis. */
export interface ElementwisePlan {
  readonly code: number;
  readonly shape: Shape;
  readonly aStrides: readonly number[];
  readonly bStrides: readonly number[];
}

export function planElementwise(request: ElementwiseRequest): ElementwisePlan {
  const { operation, a, aShape, b, bShape } = request;
  const code = operations.indexOf(operation);
  if (code === -1) {
    throw new RequestError(`There is no operation named ${operation}; there is ${operations.join(", ")}.`);
  }
  checkTensor("a", a, aShape);
  if (!isBinary(operation)) return { code, shape: aShape, ...strides(aShape, [], aShape) };
  if (b === undefined || bShape === undefined) throw new RequestError(`${operation} needs b and bShape too.`);
  checkTensor("b", b, bShape);
  const shape = broadcast(aShape, bShape);
  if (shape !== undefined) return { code, shape, ...strides(aShape, bShape, shape) };
  throw new RequestError(`a ${printShape(aShape)} and b ${printShape(bShape)} do not broadcast.`);
}

/** The operation on numbers of JavaScript. */
export function operate(operation: ElementwiseOperation, x: number, y: number): number {
  if (isBinary(operation)) return operateOnTwo(operation, x, y);
  if (isUnary(operation)) return operateOnOne(operation, x);
  return activate(operation, x);
}

function strides(aShape: Shape, bShape: Shape, shape: Shape): Pick<ElementwisePlan, "aStrides" | "bStrides"> {
  return { aStrides: broadcastStrides(aShape, shape), bStrides: broadcastStrides(bShape, shape) };
}

function isBinary(operation: ElementwiseOperation): operation is Binary {
  return (binaries as readonly string[]).includes(operation);
}

function isUnary(operation: ElementwiseOperation): operation is Unary {
  return (unaries as readonly string[]).includes(operation);
}

function operateOnOne(operation: Unary, x: number): number {
  switch (operation) {
    case "negate":
      return -x;
    case "abs":
      return Math.abs(x);
    case "exp":
      return Math.exp(x);
    case "log":
      return Math.log(x);
    case "sqrt":
      return Math.sqrt(x);
    case "sin":
      return Math.sin(x);
    case "cos":
      return Math.cos(x);
  }
}

function operateOnTwo(operation: Binary, x: number, y: number): number {
  switch (operation) {
    case "add":
      return x + y;
    case "subtract":
      return x - y;
    case "multiply":
      return x * y;
    case "divide":
      return x / y;
    case "maximum":
      return Math.max(x, y);
    case "minimum":
      return Math.min(x, y);
  }
}
