/**
 * The state of one analysis: what is known (solver), what can be undone (trail), where we are
 * (frame, chunk, calls), what was seen (records, findings), and the budget. It evaluates nothing itself.
 */
import type { Dialect } from "../program/dialect.ts";
import type { Chunk, Expr, Span } from "../program/syntax.ts";
import { type Cause, type Facts, noFacts, type Place, Solver, type TakenName } from "../shapes/index.ts";
import { Declared } from "./declared.ts";
import type { Demand } from "./demand.ts";
import type { Final } from "./finals.ts";
import type { Sight } from "./facts.ts";
import type { Exit, Frame, ModuleFrame } from "./frame.ts";
import type { Host } from "./host.ts";
import type { FileSpan, Finding, Fact, Operation } from "./result.ts";
import { type Delta, Trail } from "./trail.ts";
import { type FunctionValue, type InstanceValue, UNKNOWN, type Value } from "./value.ts";

/** Where imported modules come from that are run once for several analyses. */
export interface Imports {
  /** The module at a path; null where it has to be run in `m` itself. */
  provide(m: Machine, path: string, name: string): ModuleFrame | null;
  /** Whether the imports of what is imported wait until their names are used. */
  readonly onDemand: boolean;
}

/** The calls that lead to where we are, innermost first. */
export interface Context {
  readonly parent: Context | null;
  readonly call: Site;
  /** The function that the call stands in; null for code outside of functions. */
  readonly within: object | null;
  /** The first of the calls is made by a general view with open parameters, not by the program. */
  readonly open: boolean;
}

/** A span and the chunk that it lies in. */
export interface Site {
  readonly owner: Chunk;
  readonly span: Span;
}

/** A fact before its symbols are resolved. */
export interface Record extends Site {
  readonly role: Fact["role"];
  value: Value;
  readonly context: Context | null;
  operation: Operation | null;
  readonly obvious: boolean;
  /** The function whose body was running. */
  readonly within: object | null;
}

export interface PendingFinding extends Site, Omit<Finding, "span" | "related"> {
  readonly related: readonly (Site & { readonly message: string })[];
  readonly context: Context | null;
  /** Found in the general view of a function, not on a run of the program. */
  readonly general: boolean;
  /** The function whose body was running. */
  readonly within: object | null;
  /** Where the layer at fault was made: the same layer at fault elsewhere is the same mistake. */
  readonly site: string | null;
}

/** What a piece of work recorded and found. */
export interface Seen {
  readonly records: readonly Record[];
  readonly findings: readonly PendingFinding[];
}

/** What one general view saw and found. */
export interface View {
  readonly sights: readonly Sight[];
  readonly findings: readonly PendingFinding[];
}

/** A function being run: its ways out so far, and what it yields. */
export interface Activation {
  readonly exits: Exit[];
  readonly yields: Value[];
  /** False once it is not certain that all that was yielded is yielded, in this order and once. */
  sure: boolean;
  /** How deep in branches and in turns that stand for others it was called. */
  readonly branching: number;
  readonly mark: number;
}

export interface LoopActivation {
  readonly breaks: { readonly delta: Delta; readonly facts: Facts }[];
  readonly continues: { readonly delta: Delta; readonly facts: Facts }[];
  readonly mark: number;
}

/** How a statement ended: control goes on after it, or leaves. */
export type Completion = "normal" | "left";

const DEPTH = 48;

export class Machine {
  readonly solver = new Solver(noFacts);
  readonly trail = new Trail();
  readonly dialect: Dialect;
  readonly host: Host;
  readonly records: Record[] = [];
  /** What the run of each chunk saw. */
  readonly sights: (readonly Sight[])[] = [];
  readonly findings: PendingFinding[] = [];
  readonly modules = new Map<string, ModuleFrame>();
  /** The names of those that were assigned to from elsewhere. */
  readonly reassigned = new Set<object>();
  /** Those of them that an import brought which had been put off. */
  readonly demanded: ModuleFrame[] = [];
  /** The imports that are being done now because their names are used. */
  readonly opening = new Set<Demand>();
  /** What functions answered that are run once for the same arguments. */
  readonly answers = new Map<object, Map<string, Value>>();
  readonly declared = new Declared();
  /** Top names of imports that are folders of the program without a file of their own. */
  readonly folders = new Set<string>();
  readonly paths = new WeakMap<Chunk, string>();
  /** The chunks that belong to the program. */
  readonly entered = new Set<Chunk>();
  /** Library names that the program assigned to, which therefore mean something else now. */
  readonly patched = new Map<string, true>();
  /** One general instance for each class, for the general view of its methods. */
  readonly generalInstances = new Map<object, Value>();
  /** What was seen while those were made. */
  readonly instanceViews = new Map<object, Seen>();
  readonly frames: Frame[] = [];
  readonly callStack: FunctionValue[] = [];
  readonly activations: Activation[] = [];
  loops: LoopActivation[] = [];
  finals: Final[] = [];

  frame: Frame;
  chunk: Chunk;
  context: Context | null = null;
  /** True in the general view, where parameters are open. */
  general = false;
  /** Above 0 inside code whose errors are expected or caught. */
  tolerant = 0;
  /** Above 0 inside the body of a loop that is run once for all its turns. */
  turning = 0;
  /** Above 0 inside one of several branches of which it is not known which one is taken. */
  forks = 0;
  /** The program changed the type that torch gives to new floating tensors, so that `float32` may be another. */
  otherDefaultFloat = false;
  /** The program asked for another order of elements in memory, which the results of layers then follow. */
  otherMemoryFormat = false;
  /** True in the extent of `torch.autocast`, where torch chooses the types of results. */
  casting = false;
  /** The program lets JAX have 64 bits, so that what has 32 otherwise may have them. */
  jaxIn64Bits = false;
  /** Functions that code which cannot be followed has got hold of, by their definitions. */
  readonly handedOut = new Map<object, FunctionValue>();
  /** Those of them that change something outside of themselves. */
  readonly intruders: FunctionValue[] = [];
  /** Functions that run whenever a module that has them as hooks is called. */
  readonly hooks: Value[] = [];
  /** The objects made inside such bodies, by the place that makes them. */
  allocations: Map<string, InstanceValue> | null = null;
  /** Set once the present path has come to a certain error. */
  crashed = false;
  /** Set while the statement runs that came to it, which has no values. */
  failing = false;
  /** Set once code that tolerates failure has certainly failed: control has left for a handler. */
  thrown = false;
  readonly instanceNames = new Map<object, ReadonlyMap<string, TakenName>>();
  /** Attribute names that subclasses of a class override, by the definition of the class. */
  readonly overridden = new Map<object, Set<string>>();
  /** Definitions of classes that some class inherits from beside another one: what follows them is not known. */
  readonly mixed = new Set<object>();
  /** Names of attributes that code outside of methods assigns. */
  readonly assignedOutside = new Set<string>();
  /** General instances whose constructor has been run. */
  readonly complete = new WeakSet<object>();
  /** Scopes of functions that have ended, whose inner functions are being viewed. */
  readonly endedFrames = new Set<Frame>();
  /** Functions defined while in a general view, to be seen in general too. */
  nested: FunctionValue[] = [];
  /** Functions of the file being run as an entry, for their general views. */
  defined: FunctionValue[] = [];
  readonly definedIn = new Map<string, readonly FunctionValue[]>();
  collecting: string | null = null;
  steps = 0;
  limit: number;
  exhausted: string | null = null;
  stopped = false;
  operation: { readonly expr: Expr; readonly operation: Operation } | null = null;
  /** What was done that the trail does not take back: see `note`. */
  readonly notes: ((m: Machine) => void)[] = [];
  readonly cancelled: () => boolean;
  readonly imports: Imports;
  /** The files that are shown: what is seen elsewhere is not recorded. */
  readonly shown: ReadonlySet<string>;
  /** Whether the present piece of code lies in a file that is shown. */
  recording = false;

  constructor(
    dialect: Dialect,
    host: Host,
    budget: number,
    cancelled: () => boolean,
    imports: Imports,
    shown: Iterable<string> = [],
  ) {
    this.dialect = dialect;
    this.host = host;
    this.limit = budget;
    this.cancelled = cancelled;
    this.imports = imports;
    this.shown = new Set(shown);
    const nowhere: Chunk = { offset: 0, unit: { text: "", body: [], broken: false, directives: [] } };
    this.chunk = nowhere;
    this.frame = emptyFrame();
  }

  /** Counts one step of work; false once the budget is spent or the analysis was superseded. */
  step(): boolean {
    if (this.stopped) return false;
    this.steps++;
    if (this.steps > this.limit) this.stop("steps");
    else if ((this.steps & 1023) === 0 && this.cancelled()) this.stop("cancelled");
    return !this.stopped;
  }

  stop(reason: string): void {
    this.stopped = true;
    this.exhausted = reason;
  }

  get tooDeep(): boolean {
    return this.callStack.length >= DEPTH;
  }

  /** Takes a name for a size if no other size has it in this view. */
  takeName(name: string): boolean {
    if (this.solver.names.has(name)) return false;
    this.solver.names.set(name, null);
    return true;
  }

  /** Does something that holds from now on, whatever path it was done on. */
  note(effect: (m: Machine) => void): void {
    effect(this);
    this.notes.push(effect);
  }

  nextInstance(): number {
    return ++instances;
  }

  nextVariable(): number {
    return ++variables;
  }

  place(span: Span): Place {
    return { owner: this.chunk, start: span.start, end: span.end };
  }

  cause(text: string, span: Span): Cause {
    return { text, place: this.place(span) };
  }

  /** The source of a span of the current chunk, cut where it is long. */
  text(span: Span): string {
    return this.chunk.unit.text.slice(span.start, span.end);
  }

  /** A name for a place that stays the same while its chunk does. */
  siteName(span: Span): string {
    return `${unitNumber(this.chunk)}:${span.start}`;
  }

  fileSpan(span: Span, owner: Chunk = this.chunk): FileSpan {
    return {
      path: this.paths.get(owner) ?? "",
      start: owner.offset + span.start,
      end: owner.offset + span.end,
    };
  }

  record(span: Span, role: Fact["role"], value: Value, obvious = false, operation: Operation | null = null): void {
    if (this.stopped || !this.recording) return;
    const within = this.callStack.at(-1)?.definition ?? null;
    const { chunk: owner, context } = this;
    const seen = this.failing ? UNKNOWN : value;
    this.records.push({ owner, span, role, value: seen, context, operation, obvious, within });
  }

  /**
   * Reports a finding at a span of the present chunk. An error is where the program ends: what comes after
   * it on the same path never happens, and is not reported.
   */
  report(
    finding: Omit<Finding, "span" | "related"> & Pick<PendingFinding, "related">,
    span: Span,
    site: string | null = null,
  ): void {
    const isError = finding.severity === "error";
    if (this.tolerant > 0 && isError) this.thrown = true;
    if (this.tolerant > 0 || this.stopped || this.crashed) return;
    if (isError) this.crashed = this.failing = true;
    const within = this.callStack.at(-1)?.definition ?? null;
    const { chunk: owner, context, general } = this;
    this.findings.push({ ...finding, owner, span, context, general, within, site });
  }

  /** Takes what was recorded and found since the given counts out of the run. */
  takeView(records: number, findings: number): Seen {
    return { records: this.records.splice(records), findings: this.findings.splice(findings) };
  }

  enterFile(chunk: Chunk, path: string): void {
    this.paths.set(chunk, path);
    this.entered.add(chunk);
  }

  /** Starts to run a function, or a module. */
  activate(): Activation {
    const activation: Activation = {
      exits: [],
      yields: [],
      sure: true,
      branching: this.branching,
      mark: this.trail.mark(),
    };
    this.activations.push(activation);
    return activation;
  }

  /** How many decisions that are not certain lead here. */
  get branching(): number {
    return this.forks + this.turning + this.tolerant;
  }

  activation(): Activation | null {
    return this.activations.at(-1) ?? null;
  }

  loop(): LoopActivation | null {
    return this.loops.at(-1) ?? null;
  }
}

/** Objects and variables are told apart by their numbers, those of modules that are run once for all included. */
let instances = 0;
let variables = 0;

const unitNumbers = new WeakMap<object, number>();
let units = 0;

function unitNumber(chunk: Chunk): number {
  const known = unitNumbers.get(chunk.unit) ?? ++units;
  unitNumbers.set(chunk.unit, known);
  return known;
}

function emptyFrame(): Frame {
  const frame: ModuleFrame = {
    variables: new Map(),
    locals: null,
    parent: null,
    get module() {
      return frame;
    },
    isClassBody: false,
    symbols: new Map(),
    demands: new Map(),
    function: null,
    self: null,
    path: "",
    name: "",
    volatile: new Set(),
  };
  return frame;
}

/** Runs `action` with the frame and chunk of another piece of code, and comes back. */
export function inside<T>(m: Machine, frame: Frame, chunk: Chunk, action: () => T): T {
  const { frame: outerFrame, chunk: outerChunk, recording } = m;
  m.frame = frame;
  m.chunk = chunk;
  m.recording = m.shown.has(frame.module.path);
  m.frames.push(frame);
  const result = action();
  m.frames.pop();
  m.frame = outerFrame;
  m.chunk = outerChunk;
  m.recording = recording;
  return result;
}
