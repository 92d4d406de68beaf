import type { Executable, HostTensor } from '../contracts/backend.js';
import type { SampleSpan } from '../contracts/batch.js';
import { input, makeGraph, vjp } from '../graph/index.js';
import {
  reading,
  readingWidth,
  type CausalLM,
  type Parameter,
  type ReadingName,
  type ReadingOptions,
} from '../nn/index.js';
import type { Executables } from './executables.js';
import { hostParts } from './host-parts.js';
import { remember } from './remember.js';
import { TraceScope } from './trace.js';
import { asTuned } from './version.js';

/** Another model's logits at rows of the same batch, [N, V]. */
export type TeacherLogits = (rows: Int32Array) => Promise<HostTensor>;

/** Where something is read. */
export interface ReadAt {
  /** Of the last block, [B·T, D]. */
  readonly hidden: Float32Array;
  /** Positions of it; what is read of several is read of their mean. */
  readonly places: readonly SampleSpan[];
  /** Whom a divergence is taken from. */
  readonly teacher?: TeacherLogits;
}

/** What becomes of gradients that start at a reading. */
export interface ReadingBackward {
  /** Gradient of what is optimized by each number that was read, [N · width]. */
  readonly cotangents: Float32Array;
  /** Gradients of the hidden states are added to it, [B·T, D]. */
  readonly dHidden: Float32Array;
  readonly onGradient: (parameter: Parameter, gradient: Float32Array) => void;
}

interface Compiled {
  readonly run: Executable;
  readonly parameters: readonly Parameter[];
  readonly trained: readonly Parameter[];
}

/** Rows per pass: as large a piece of logits as the head has. */
const SIZES = [16, 64, 128];
const MOST_NUMBERS = 10_000_000;

/** Readings off hidden states, forward and backward, in pieces of few sizes. */
export class Readings {
  private readonly compiled = new Map<string, Promise<Compiled>>();
  private readonly sizes: readonly number[];

  constructor(
    private readonly model: CausalLM,
    private readonly executables: Executables,
    private readonly options?: ReadingOptions,
  ) {
    const [smallest, ...larger] = SIZES;
    this.sizes = [smallest, ...larger.filter((size) => size * model.shape.vocab_size <= MOST_NUMBERS)];
  }

  /** [N · width], row after row. */
  async measure(name: ReadingName, at: ReadAt): Promise<Float32Array> {
    const width = readingWidth(this.model, name);
    const values = new Float32Array(at.places.length * width);
    for await (const { start, count, size, data } of this.pieces(name, at)) {
      const { run, parameters } = await this.get(name, size, data, false);
      const [read] = await run.run([...data, ...hostParts(parameters)]);
      values.set((read.data as Float32Array).subarray(0, count * width), start * width);
    }
    return values;
  }

  /** The way back from a reading. */
  async back(
    name: ReadingName,
    at: ReadAt,
    { cotangents, dHidden, onGradient }: ReadingBackward,
  ): Promise<void> {
    const width = readingWidth(this.model, name);
    const depth = this.model.shape.hidden_size;
    for await (const { start, count, size, data } of this.pieces(name, at)) {
      const { run, parameters, trained } = await this.get(name, size, data, true);
      const cotangent = new Float32Array(size * width);
      cotangent.set(cotangents.subarray(start * width, (start + count) * width));
      const given: HostTensor = { dtype: 'float32', shape: [size, width], data: cotangent };
      const outputs = await run.run([...data, given, ...hostParts(parameters)]);
      const [dx, ...gradients] = outputs.map((tensor) => tensor.data as Float32Array);
      for (let i = 0; i < count; i++) {
        const { start: first, length } = at.places[start + i];
        for (let row = first; row < first + length; row++)
          for (let d = 0; d < depth; d++) dHidden[row * depth + d] += dx[i * depth + d] / length;
      }
      trained.forEach((parameter, i) => onGradient(parameter, gradients[i]));
    }
  }

  /** Other parameters may train from now on. */
  retune(): void {
    this.compiled.clear();
  }

  private async *pieces(name: ReadingName, { hidden, places, teacher }: ReadAt) {
    const depth = this.model.shape.hidden_size;
    const largest = this.sizes[this.sizes.length - 1];
    for (let start = 0; start < places.length; start += largest) {
      const count = Math.min(largest, places.length - start);
      const size = this.sizes.find((one) => one >= count)!;
      const x = new Float32Array(size * depth);
      places.slice(start, start + count).forEach((place, i) => {
        x.set(meanOf(hidden, place, depth), i * depth);
      });
      const data: HostTensor[] = [{ dtype: 'float32', shape: [size, depth], data: x }];
      if (name === 'divergence') {
        const rows = Int32Array.from(places.slice(start, start + count), (place) => place.start);
        data.push(padded(await teacher!(rows), size));
      }
      yield { start, count, size, data };
    }
  }

  private get(
    name: ReadingName,
    size: number,
    data: readonly HostTensor[],
    trains: boolean,
  ): Promise<Compiled> {
    const key = `${name} ${size} ${data[1]?.shape[1] ?? 0} ${trains}`;
    return remember(this.compiled, key, () => this.build(name, data, trains));
  }

  private async build(name: ReadingName, data: readonly HostTensor[], trains: boolean): Promise<Compiled> {
    const scope = new TraceScope(trains, 'fp32', asTuned(this.model));
    const inputs = data.map(({ shape }) => input([...shape]));
    const [hidden, teacher] = inputs;
    const read = reading(this.model, scope, name, { hidden, teacher }, this.options);
    if (!trains) {
      const run = await this.executables.get(makeGraph([...inputs, ...scope.inputs], [read]));
      return { run, parameters: scope.parameters, trained: [] };
    }
    const cotangent = input([...read.shape]);
    const trained = scope.parameters.filter((parameter) => parameter.trainable);
    const gradients = vjp([read], [cotangent], [hidden, ...trained.map((p) => scope.param(p))]);
    const graph = makeGraph([...inputs, cotangent, ...scope.inputs], gradients);
    return { run: await this.executables.get(graph), parameters: scope.parameters, trained };
  }
}

/** Rows of zeros behind those that there are. */
function padded({ shape: [count, width], data }: HostTensor, size: number): HostTensor {
  if (count === size) return { dtype: 'float32', shape: [size, width], data };
  const all = new Float32Array(size * width);
  all.set(data as Float32Array);
  return { dtype: 'float32', shape: [size, width], data: all };
}

/** The mean of some rows of `hidden` [N, depth] -> [depth]. */
function meanOf(hidden: Float32Array, { start, length }: SampleSpan, depth: number): Float32Array {
  if (length === 1) return hidden.subarray(start * depth, (start + 1) * depth);
  const mean = new Float32Array(depth);
  for (let d = 0; d < depth; d++) {
    let sum = 0;
    for (let row = start; row < start + length; row++) sum += hidden[row * depth + d];
    mean[d] = sum / length;
  }
  return mean;
}
