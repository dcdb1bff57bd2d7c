/**
 * What our client and server say to each other beyond the language server protocol. It knows plain data only: any
 * editor may send these messages, and none has to.
 */

export interface Position {
  readonly line: number;
  readonly character: number;
}

interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** What a client may tell about itself when it starts the server. */
export interface InitializationOptions {
  /** Links to `command:shapesight.…` in hovers are run by the client. */
  readonly commands?: boolean;
  /** The client answers `shapesight/readFiles`. */
  readonly files?: boolean;
  /** The client listens to `shapesight/status`. */
  readonly status?: boolean;
  /** The address of the folder with a page for each rule. */
  readonly rules?: string;
  /** The parser, for a server that cannot read files itself. */
  readonly wasm?: { readonly runtime: Uint8Array; readonly python: Uint8Array };
  /** The interpreter that is selected for the workspace, whose packages are read. */
  readonly python?: string | null;
  /** The settings below `shapesight`, for clients that answer no `workspace/configuration`. */
  readonly settings?: unknown;
}

/** Asks for the operation at a place: the one that fills the range, or the nearest around it; null where none is. */
export const PLAYGROUND_AT = "shapesight/playgroundAt";
export interface PlaygroundAtParams {
  readonly uri: string;
  readonly range: Range;
}

/** Asks for the whole function around a place as a graph of its operations; null where it is no straight line. */
export const GRAPH_AT = "shapesight/graphAt";

/** From the client: another interpreter has been selected. */
export const PYTHON = "shapesight/python";
export interface PythonParams {
  /** The interpreter or its environment; null where none is selected. */
  readonly path: string | null;
}

/** Asks what is known of the value at a position. */
export const SHAPE_AT = "shapesight/shapeAt";
export interface ShapeAtParams {
  readonly uri: string;
  readonly position: Position;
}
export interface ShapeAt {
  readonly range: Range;
  readonly kind: string;
  /** The value in words: `(B, T, 768)`. */
  readonly text: string;
  /** Integers and printed expressions; `"…"` for unknown leading dimensions, `"?"` for one that is unknown. */
  readonly shape: readonly (number | string)[] | null;
  readonly dtype: string | null;
}

/** From the server: asks the client for the texts of files that only it can read. */
export const READ_FILES = "shapesight/readFiles";
export interface ReadFilesParams {
  readonly uris: readonly string[];
}
/** In the order of the question; null where there is no such file. */
export type ReadFilesResult = readonly (string | null)[];

/** From the server, to a client that listens: after each analysis of a document, and when one could not be made. */
export const STATUS = "shapesight/status";
export interface StatusParams {
  readonly uri: string;
  readonly version: number;
  readonly shapes: number;
  /** Tensors whose leading dimensions, or all, are not known. */
  readonly open: number;
  readonly findings: number;
  readonly milliseconds: number;
  /** A sentence when something went wrong or took too long. */
  readonly problem: string | null;
}
