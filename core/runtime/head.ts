import type { Executable, HostTensor } from '../contracts/backend.js';
import type { TokenQuantity, TokenValues } from '../nn/token-values.js';
import { input, makeGraph, vjp } from '../graph/index.js';
import { logitsAt, tokenLoss, tokenQuantities, type CausalLM, type Parameter } from '../nn/index.js';
import type { Executables } from './executables.js';
import { hostParts } from './host-parts.js';
import { remember } from './remember.js';
import type { SupervisedRows } from './supervised-rows.js';
import { TraceScope } from './trace.js';
import { asTuned, versionKey, type Version } from './version.js';

/** Tokens per pass through the head; the `[tokens, vocab]` logits of a batch never exist at once. */
const CHUNK_SIZES = [16, 64, 128, 256];

/** Logits that may exist at once. */
const MOST_LOGITS = 20_000_000;

/** Of the supervised positions of a pass. */
export interface HeadResult {
  /** Weighted sum of cross entropies, in nats. */
  loss: number;
  /** Supervised tokens whose label has the largest logit. */
  correct: number;
}

/** What becomes of gradients that start at the head. */
export interface HeadBackward {
  /** Factor on every token's weight in the gradient, e.g. 1 / supervised tokens of the step. */
  readonly scale: number;
  /** Gets the gradient of the hidden states where something is supervised. */
  readonly dHidden: Float32Array;
  /** Receives gradients of the head's own trained parameters. */
  readonly onGradient: (parameter: Parameter, gradient: Float32Array) => void;
}

interface CompiledHead {
  readonly run: Executable;
  readonly parameters: readonly Parameter[];
}

interface TrainedHead extends CompiledHead {
  readonly trained: readonly Parameter[];
}

/** The head: what it says of supervised positions, and its loss, forward and backward in one executable. */
export class Head {
  private readonly compiled = new Map<string, Promise<CompiledHead>>();
  private readonly differentiated = new Map<number, Promise<TrainedHead>>();
  private readonly sizes: readonly number[];

  /** @param temperature that logits are divided by before anything is said of them */
  constructor(
    private readonly model: CausalLM,
    private readonly executables: Executables,
    private readonly temperature = 1,
  ) {
    const [smallest, ...larger] = CHUNK_SIZES;
    this.sizes = [smallest, ...larger.filter((size) => size * model.shape.vocab_size <= MOST_LOGITS)];
  }

  /**
   * Quantities of each supervised position.
   * @param hidden [N, D] hidden states of the last block
   * @param version of the model; as it is tuned when absent
   */
  async measure<Q extends TokenQuantity>(
    hidden: Float32Array,
    supervised: SupervisedRows,
    wanted: readonly Q[],
    version: Version = asTuned(this.model),
  ): Promise<TokenValues<Q>> {
    const count = supervised.rows.length;
    const values = wanted.map(() => new Float32Array(count));
    for (const chunk of this.chunks(hidden, supervised)) {
      const key = `${chunk.size} ${wanted.join()}${versionKey(version)}`;
      const head = await remember(this.compiled, key, () => this.build(chunk.size, wanted, version));
      const outputs = await head.run.run([chunk.x, chunk.labels, ...hostParts(head.parameters)]);
      values.forEach((all, i) =>
        all.set((outputs[i].data as Float32Array).subarray(0, chunk.count), chunk.start),
      );
    }
    return Object.fromEntries(wanted.map((name, i) => [name, values[i]])) as TokenValues<Q>;
  }

  /** The weighted cross entropy of the supervised positions. @param hidden [N, D] hidden states of the last block */
  async loss(hidden: Float32Array, supervised: SupervisedRows): Promise<HeadResult> {
    const { logp, correct } = await this.measure(hidden, supervised, ['logp', 'correct']);
    const result: HeadResult = { loss: 0, correct: 0 };
    supervised.weights.forEach((weight, i) => {
      result.loss -= weight * logp[i];
      result.correct += correct[i];
    });
    return result;
  }

  /** Logits at rows of hidden states [N, D], [rows, V]. */
  async logits(hidden: Float32Array, rows: Int32Array): Promise<HostTensor> {
    const labels = new Int32Array(rows.length);
    const pieces: Float32Array[] = [];
    for (const { size, count, x } of this.chunks(hidden, { rows, labels, weights: new Float32Array() })) {
      const head = await remember(this.compiled, `${size} logits`, () => this.buildLogits(size));
      const [logits] = await head.run.run([x, ...hostParts(head.parameters)]);
      pieces.push((logits.data as Float32Array).subarray(0, count * this.model.shape.vocab_size));
    }
    const data = new Float32Array(rows.length * this.model.shape.vocab_size);
    let at = 0;
    for (const piece of pieces) {
      data.set(piece, at);
      at += piece.length;
    }
    return { dtype: 'float32', shape: [rows.length, this.model.shape.vocab_size], data };
  }

  /** Other parameters of it may train from now on. */
  retune(): void {
    this.differentiated.clear();
  }

  /** As `loss`, with the way back. */
  async lossAndGradient(
    hidden: Float32Array,
    supervised: SupervisedRows,
    { scale, dHidden, onGradient }: HeadBackward,
  ): Promise<HeadResult> {
    const width = this.model.shape.hidden_size;
    const result: HeadResult = { loss: 0, correct: 0 };
    for (const { size, start, count, x, labels } of this.chunks(hidden, supervised)) {
      const head = await remember(this.differentiated, size, () => this.buildTrained(size));
      const weights = supervised.weights.subarray(start, start + count);
      const cotangent = new Float32Array(size);
      weights.forEach((weight, i) => (cotangent[i] = weight * scale));
      const data: HostTensor[] = [x, labels, { dtype: 'float32', shape: [size], data: cotangent }];
      const outputs = await head.run.run([...data, ...hostParts(head.parameters)]);
      const [loss, correct, dx, ...gradients] = outputs.map((tensor) => tensor.data as Float32Array);
      weights.forEach((weight, i) => {
        result.loss += weight * loss[i];
        result.correct += correct[i];
        dHidden.set(dx.subarray(i * width, (i + 1) * width), supervised.rows[start + i] * width);
      });
      head.trained.forEach((parameter, i) => onGradient(parameter, gradients[i]));
    }
    return result;
  }

  /** Supervised positions in pieces of the sizes that are compiled, the last one padded. */
  private *chunks(hidden: Float32Array, { rows, labels }: SupervisedRows) {
    const width = this.model.shape.hidden_size;
    const largest = this.sizes[this.sizes.length - 1];
    for (let start = 0; start < rows.length; start += largest) {
      const count = Math.min(largest, rows.length - start);
      const size = this.sizes.find((chunk) => chunk >= count)!;
      const x = new Float32Array(size * width);
      const chosen = new Int32Array(size);
      for (let i = 0; i < count; i++) {
        const row = rows[start + i];
        x.set(hidden.subarray(row * width, (row + 1) * width), i * width);
        chosen[i] = labels[start + i];
      }
      yield {
        size,
        start,
        count,
        x: { dtype: 'float32', shape: [size, width], data: x } satisfies HostTensor,
        labels: { dtype: 'int32', shape: [size], data: chosen } satisfies HostTensor,
      };
    }
  }

  private async build(
    size: number,
    wanted: readonly TokenQuantity[],
    version: Version,
  ): Promise<CompiledHead> {
    const scope = new TraceScope(false, 'fp32', version);
    const hidden = input([size, this.model.shape.hidden_size]);
    const labels = input([size], 'int32');
    const outputs = tokenQuantities(this.model, scope, { hidden, labels }, wanted, this.temperature);
    const run = await this.executables.get(makeGraph([hidden, labels, ...scope.inputs], outputs));
    return { run, parameters: scope.parameters };
  }

  private async buildLogits(size: number): Promise<CompiledHead> {
    const scope = new TraceScope(false, 'fp32', asTuned(this.model));
    const hidden = input([size, this.model.shape.hidden_size]);
    const logits = logitsAt(this.model, scope, hidden, this.temperature);
    const run = await this.executables.get(makeGraph([hidden, ...scope.inputs], [logits]));
    return { run, parameters: scope.parameters };
  }

  private async buildTrained(size: number): Promise<TrainedHead> {
    const scope = new TraceScope(true, 'fp32', asTuned(this.model));
    const hidden = input([size, this.model.shape.hidden_size]);
    const labels = input([size], 'int32');
    const { loss, correct } = tokenLoss(this.model, scope, { hidden, labels }, this.temperature);
    const cotangent = input([size]);
    const trained = scope.parameters.filter((parameter) => parameter.trainable);
    const gradients = vjp([loss], [cotangent], [hidden, ...trained.map((p) => scope.param(p))]);
    const graph = makeGraph([hidden, labels, cotangent, ...scope.inputs], [loss, correct, ...gradients]);
    return { run: await this.executables.get(graph), parameters: scope.parameters, trained };
  }
}
