import type { Executable, HostTensor } from '../contracts/backend.js';
import { input, makeGraph, vjp } from '../graph/index.js';
import type { CausalLM, Parameter } from '../nn/index.js';
import type { SupervisedRows } from './batch.js';
import type { Executables } from './executables.js';
import { hostParts } from './host-parts.js';
import { TraceScope } from './trace.js';

/** Tokens per pass through the head; the `[tokens, vocab]` logits of a batch never exist at once. */
const CHUNK_SIZES = [16, 64, 256] as const;

export interface HeadResult {
  /** Weighted sum of cross entropies, in nats. */
  loss: number;
  /** Supervised tokens whose label has the largest logit. */
  correct: number;
}

interface CompiledHead {
  readonly run: Executable;
  readonly parameters: readonly Parameter[];
  readonly trained: readonly Parameter[];
  readonly differentiated: boolean;
}

/** The head with its loss: forward and backward of a chunk of supervised positions in one executable. */
export class LossHead {
  private readonly compiled = new Map<string, Promise<CompiledHead>>();

  constructor(
    private readonly model: CausalLM,
    private readonly executables: Executables,
  ) {}

  /**
   * @param hidden [N, D] hidden states of the last block
   * @param scale factor on every token's weight in the gradient, e.g. 1 / supervised tokens of the step
   * @param dHidden receives the gradient of `hidden`, zeros where nothing is supervised; omit to only evaluate
   * @param onGradient receives gradients of the head's own trained parameters
   */
  async run(
    hidden: Float32Array,
    { rows, labels, weights }: SupervisedRows,
    backward?: { scale: number; dHidden: Float32Array; onGradient: (p: Parameter, g: Float32Array) => void },
  ): Promise<HeadResult> {
    const width = this.model.shape.hidden_size;
    const result: HeadResult = { loss: 0, correct: 0 };
    backward?.dHidden.fill(0);
    const largest = CHUNK_SIZES[CHUNK_SIZES.length - 1];
    for (let start = 0; start < rows.length; start += largest) {
      const count = Math.min(largest, rows.length - start);
      const size = CHUNK_SIZES.find((chunk) => chunk >= count)!;
      const head = await this.compile(size, backward !== undefined);
      const x = new Float32Array(size * width);
      const chunkLabels = new Int32Array(size);
      const cotangent = new Float32Array(size);
      for (let i = 0; i < count; i++) {
        const row = rows[start + i];
        x.set(hidden.subarray(row * width, (row + 1) * width), i * width);
        chunkLabels[i] = labels[start + i];
        cotangent[i] = weights[start + i] * (backward?.scale ?? 0);
      }
      const data: HostTensor[] = [
        { dtype: 'float32', shape: [size, width], data: x },
        { dtype: 'int32', shape: [size], data: chunkLabels },
        ...(backward ? [{ dtype: 'float32' as const, shape: [size], data: cotangent }] : []),
      ];
      const [loss, correct, ...gradients] = await head.run.run([...data, ...hostParts(head.parameters)]);
      for (let i = 0; i < count; i++) {
        result.loss += weights[start + i] * loss.data[i];
        result.correct += correct.data[i];
      }
      if (!backward) continue;
      if (head.differentiated) {
        const dx = gradients.shift()!.data as Float32Array;
        for (let i = 0; i < count; i++) {
          backward.dHidden.set(dx.subarray(i * width, (i + 1) * width), rows[start + i] * width);
        }
      }
      head.trained.forEach((parameter, i) =>
        backward.onGradient(parameter, gradients[i].data as Float32Array),
      );
    }
    return result;
  }

  private compile(size: number, differentiated: boolean): Promise<CompiledHead> {
    const key = `${size}:${differentiated}`;
    let head = this.compiled.get(key);
    if (!head) this.compiled.set(key, (head = this.build(size, differentiated)));
    return head;
  }

  private async build(size: number, differentiated: boolean): Promise<CompiledHead> {
    const scope = new TraceScope(differentiated);
    const hidden = input([size, this.model.shape.hidden_size]);
    const labels = input([size], 'int32');
    const { loss, correct } = this.model.loss(scope, hidden, labels);
    if (!differentiated) {
      const graph = makeGraph([hidden, labels, ...scope.inputs], [loss, correct]);
      const run = await this.executables.get(graph);
      return { run, parameters: scope.parameters, trained: [], differentiated };
    }
    const cotangent = input([size]);
    const trained = scope.parameters.filter((parameter) => parameter.trainable);
    const gradients = vjp([loss], [cotangent], [hidden, ...trained.map((p) => scope.param(p))]);
    const graph = makeGraph([hidden, labels, cotangent, ...scope.inputs], [loss, correct, ...gradients]);
    return { run: await this.executables.get(graph), parameters: scope.parameters, trained, differentiated };
  }
}
