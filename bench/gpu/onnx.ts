/** ONNX models of a few nodes, written by hand as the bytes of their protocol buffers. It knows fields, not runtimes. */

interface Node {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Attributes that are whole numbers, and those that are not. */
  readonly integers?: Readonly<Record<string, number>>;
}

interface Model {
  readonly nodes: readonly Node[];
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly output: readonly [name: string, shape: readonly number[]];
}

const float = 1;
const attributeOfInteger = 2;

export function onnxModel({ nodes, inputs, output }: Model): Uint8Array {
  const graph = [
    ...nodes.map((node) => message(1, nodeBytes(node))),
    text(2, "graph"),
    ...Object.entries(inputs).map(([name, shape]) => message(11, valueBytes(name, shape))),
    message(12, valueBytes(...output)),
  ];
  const opset = (domain: string, version: number): number[] => message(8, [...text(1, domain), ...integer(2, version)]);
  const model = [integer(1, 8), message(7, graph.flat()), opset("", 17), opset("com.microsoft", 1)];
  return Uint8Array.from(model.flat());
}

function nodeBytes({ operator, domain, inputs, output, integers = {} }: Node): number[] {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...text(2, output),
    ...text(4, operator),
    ...Object.entries(integers).flatMap(([name, value]) => {
      return message(5, [...text(1, name), ...integer(3, value), ...integer(20, attributeOfInteger)]);
    }),
    ...(domain === undefined ? [] : text(7, domain)),
  ];
}

function valueBytes(name: string, shape: readonly number[]): number[] {
  const dimensions = shape.flatMap((size) => message(1, integer(1, size)));
  return [...text(1, name), ...message(2, message(1, [...integer(1, float), ...message(2, dimensions)]))];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const integer = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const message = (field: number, bytes: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string): number[] => message(field, [...new TextEncoder().encode(value)]);
