import type { Backend, HostTensor } from '../contracts/backend.js';
import { gather, reshape, type TensorSpec } from '../graph/index.js';
import type { CausalLM } from '../nn/index.js';
import { Executables } from './executables.js';
import { compileForward, type ForwardSegment, type SegmentFunction } from './segment.js';
import { hostParts } from './host-parts.js';
import { RopeMemo } from './rope-memo.js';

/** Prompt lengths and cache sizes come in these steps, so that few graphs are compiled. */
const PROMPT_STEP = 32;
const CACHE_STEP = 256;

interface CachePlan {
  readonly embed: ForwardSegment;
  readonly blocks: readonly ForwardSegment[];
  readonly head: ForwardSegment;
}

/** Key and value memory of every block, for `batch` rows of up to `capacity` positions. */
interface Cache {
  readonly capacity: number;
  readonly blocks: { readonly keys: HostTensor; readonly values: HostTensor }[];
}

/**
 * Next-token logits with a key/value cache. Rows of a batch may have different lengths. Use: one `start` with the
 * prompts, then one `next` per generated token.
 */
export class GenerateEngine {
  private readonly executables: Executables;
  private readonly plans = new Map<string, Promise<CachePlan>>();
  private readonly rope: RopeMemo;
  private cache?: Cache;
  /** Filled positions per row. */
  private lengths = new Int32Array(0);

  constructor(
    backend: Backend,
    private readonly model: CausalLM,
  ) {
    this.executables = new Executables(backend);
    this.rope = new RopeMemo(model);
  }

  /** Reads the prompts and returns the logits [B · V] that follow each. Forgets what was there before. */
  async start(prompts: readonly (readonly number[])[]): Promise<Float32Array> {
    const longest = Math.max(...prompts.map(({ length }) => length));
    const length = Math.ceil(longest / PROMPT_STEP) * PROMPT_STEP;
    this.cache = this.allocate(prompts.length, roundUp(length + 1));
    this.lengths = new Int32Array(prompts.length);
    const ids = new Int32Array(prompts.length * length);
    prompts.forEach((prompt, row) => ids.set(prompt, row * length));
    const last = Int32Array.from(prompts, (prompt, row) => row * length + prompt.length - 1);
    const logits = await this.run(ids, length, last);
    this.lengths = Int32Array.from(prompts, (prompt) => prompt.length);
    return logits;
  }

  /** Appends one token per row and returns the logits [B · V] that follow. */
  async next(tokens: readonly number[]): Promise<Float32Array> {
    const needed = Math.max(...this.lengths) + 1;
    if (needed > this.cache!.capacity) this.cache = this.grow(this.cache!, roundUp(needed));
    const logits = await this.run(
      Int32Array.from(tokens),
      1,
      Int32Array.from(tokens, (_, row) => row),
    );
    this.lengths = this.lengths.map((length) => length + 1);
    return logits;
  }

  async release(): Promise<void> {
    this.cache = undefined;
    await this.executables.release();
  }

  /** @param last index into the B·length hidden states whose logits are wanted, per row */
  private async run(ids: Int32Array, length: number, last: Int32Array): Promise<Float32Array> {
    const { capacity, blocks } = this.cache!;
    const batch = this.lengths.length;
    const plan = await this.plan(batch, length, capacity);
    const used = Math.max(...Array.from(last, (index, row) => this.lengths[row] + (index % length) + 1));
    const positions = Int32Array.from(ids, (_, i) => this.lengths[Math.floor(i / length)] + (i % length));
    const sides: HostTensor[] = [
      ...this.rope.get(capacity, used),
      { dtype: 'int32', shape: [batch, length], data: positions },
      { dtype: 'int32', shape: [batch], data: this.lengths },
    ];
    const call = (
      segment: ForwardSegment,
      data: readonly HostTensor[],
      into?: readonly (HostTensor | undefined)[],
    ) => segment.run.run([...data, ...hostParts(segment.parameters)], into);

    let [hidden] = await call(plan.embed, [{ dtype: 'int32', shape: [batch * length], data: ids }]);
    for (const [i, block] of plan.blocks.entries()) {
      const { keys, values } = blocks[i];
      [hidden] = await call(block, [hidden, ...sides, keys, values], [undefined, keys, values]);
    }
    const [logits] = await call(plan.head, [hidden, { dtype: 'int32', shape: [batch], data: last }]);
    return logits.data as Float32Array;
  }

  private plan(batch: number, length: number, capacity: number): Promise<CachePlan> {
    const key = `${batch}x${length}x${capacity}`;
    let plan = this.plans.get(key);
    if (!plan) this.plans.set(key, (plan = this.compile(batch, length, capacity)));
    return plan;
  }

  private async compile(batch: number, length: number, capacity: number): Promise<CachePlan> {
    const { hidden_size, head_dim, num_key_value_heads } = this.model.shape;
    const float = (...shape: number[]): TensorSpec => ({ dtype: 'float32', shape });
    const int = (...shape: number[]): TensorSpec => ({ dtype: 'int32', shape });
    const compile = (body: SegmentFunction, specs: readonly TensorSpec[]) =>
      compileForward(body, specs, this.executables);

    const hidden = float(batch, length, hidden_size);
    const cache = float(batch, num_key_value_heads, capacity, head_dim);
    const table = float(capacity, head_dim / 2);
    const embed = await compile(
      (scope, [ids]) => [reshape(this.model.embed(scope, ids), hidden.shape)],
      [int(batch * length)],
    );
    const blocks: ForwardSegment[] = [];
    for (const block of this.model.blocks) {
      const body: SegmentFunction = (scope, [x, cos, sin, position_ids, past, cachedK, cachedV]) => {
        const context = { kind: 'cached', cos, sin, position_ids, past, cachedK, cachedV } as const;
        const output = block.forward(scope, x, context);
        return [output.hidden, output.cachedK!, output.cachedV!];
      };
      blocks.push(await compile(body, [hidden, table, table, int(batch, length), int(batch), cache, cache]));
    }
    const head = await compile(
      (scope, [x, last]) => [
        this.model.logits(scope, gather(reshape(x, [batch * length, hidden_size]), last)),
      ],
      [hidden, int(batch)],
    );
    return { embed, blocks, head };
  }

  private allocate(batch: number, capacity: number): Cache {
    const { num_key_value_heads, head_dim } = this.model.shape;
    const shape = [batch, num_key_value_heads, capacity, head_dim];
    const empty = (): HostTensor => ({
      dtype: 'float32',
      shape,
      data: new Float32Array(batch * num_key_value_heads * capacity * head_dim),
    });
    return { capacity, blocks: this.model.blocks.map(() => ({ keys: empty(), values: empty() })) };
  }

  private grow(from: Cache, capacity: number): Cache {
    const grown = this.allocate(this.lengths.length, capacity);
    const { head_dim } = this.model.shape;
    const [narrow, wide] = [from.capacity * head_dim, capacity * head_dim];
    grown.blocks.forEach((block, i) => {
      for (const which of ['keys', 'values'] as const) {
        const source = from.blocks[i][which].data as Float32Array;
        for (let at = 0, to = 0; at < source.length; at += narrow, to += wide) {
          block[which].data.set(source.subarray(at, at + narrow) as never, to);
        }
      }
    });
    return grown;
  }
}

function roundUp(length: number): number {
  return Math.ceil(length / CACHE_STEP) * CACHE_STEP;
}
