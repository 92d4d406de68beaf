/** Slots of an engine: taken and given back at any step, in one state of few sizes. */
import { expect, test } from 'vitest';
import type { Backend } from '../../../core/contracts/backend.js';
import type { CausalLM } from '../../../core/nn/index.js';
import { GenerateEngine, type Admitted } from '../../../core/runtime/generate-engine.js';
import type { Slot } from '../../../core/runtime/slot.js';
import { backendOf, loadCase, parityCase } from '../../../parity/cases.js';
import { largestDifference } from '../../../parity/measure.js';

const onnxruntime = await backendOf('onnxruntime');
const ids = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, i) => 3 + ((i * 11 + seed * 17) % 60));

/** Notes the rows of each pass through a block. */
function noting(rows: number[]): Backend {
  return {
    ...onnxruntime,
    describe: () => onnxruntime.describe(),
    async compile(graph, options) {
      const compiled = await onnxruntime.compile(graph, options);
      const isBlock = graph.outputs.length > 1;
      return {
        run: (inputs, into) => {
          if (isBlock) rows.push(inputs[0].shape[0]);
          return compiled.run(inputs, into);
        },
        release: () => compiled.release(),
      };
    },
  };
}

/** Slots whose answers are given, and logits held against those of the same tokens alone. */
class Conversations {
  private readonly held = new Map<Slot, { alone: Admitted; engine: GenerateEngine }>();

  constructor(
    private readonly model: CausalLM,
    readonly engine: GenerateEngine,
  ) {}

  async admit(...prompts: readonly (readonly number[])[]): Promise<Slot[]> {
    const admitted = await this.engine.admit(prompts.map((prompt) => ({ ids: prompt })));
    for (const [i, { slot, logits }] of admitted.entries()) {
      const engine = new GenerateEngine(onnxruntime, this.model);
      const [alone] = await engine.admit([{ ids: prompts[i] }]);
      expect(largestDifference(logits, alone.logits)).toBeLessThan(1e-4);
      this.held.set(slot, { alone, engine });
    }
    return admitted.map(({ slot }) => slot);
  }

  async step(token: number): Promise<void> {
    const tokens = [...this.held.keys()].map((slot, i) => [slot, 3 + ((token + 7 * i) % 60)] as const);
    const logits = await this.engine.step(new Map(tokens));
    for (const [slot, own] of tokens) {
      const { alone, engine } = this.held.get(slot)!;
      const expected = (await engine.step(new Map([[alone.slot, own]]))).get(alone.slot)!;
      expect(largestDifference(logits.get(slot)!, expected)).toBeLessThan(1e-4);
    }
  }

  async free(slot: Slot): Promise<void> {
    this.engine.free(slot);
    await this.held.get(slot)!.engine.release();
    this.held.delete(slot);
  }
}

test.each(['llama3', 'jamba'])(
  '%s: prompts come and go at any step',
  async (id) => {
    const { model } = await loadCase(parityCase(id));
    const rows: number[] = [];
    const engine = new GenerateEngine(noting(rows), model);
    const talks = new Conversations(model, engine);
    const blocks = model.blocks.length;
    /** The rows of the steps since it was asked last. */
    const since = (): Set<number> => new Set(rows.splice(0));

    const [first, second] = await talks.admit(ids(5, 1), ids(40, 2));
    await talks.step(1);
    expect(since()).toEqual(new Set([2]));
    // A third and a fourth are read together, and move in beside the others; a fifth finds a free row.
    await talks.admit(ids(9, 3), ids(3, 4));
    since();
    await talks.step(2);
    expect(since()).toEqual(new Set([4]));
    await talks.free(second);
    const [fifth] = await talks.admit(ids(300, 5));
    await talks.step(3);
    since();
    await talks.free(fifth);
    await talks.free(first);
    // Two of four rows are empty: after a while they are given up, and so are positions that nobody needs.
    for (let i = 0; i < 40; i++) await talks.step(i);
    const sizes = rows.filter((_, i) => i % blocks === 0);
    expect(new Set(sizes)).toEqual(new Set([4, 2]));
    expect(sizes.indexOf(2)).toBe(32);
    await talks.admit(ids(12, 6));
    since();
    await talks.step(5);
    expect(since()).toEqual(new Set([3]));
    await engine.release();
  },
  30_000,
);

test('an engine that was emptied begins anew, with as many rows as prompts', async () => {
  const { model } = await loadCase(parityCase('llama3'));
  const rows: number[] = [];
  const engine = new GenerateEngine(noting(rows), model);
  const five = await engine.admit([1, 2, 3, 4, 5].map((seed) => ({ ids: ids(seed, seed) })));
  for (const { slot } of five) engine.free(slot);
  const [one] = await engine.admit([{ ids: ids(4, 1) }]);
  rows.length = 0;
  await engine.step(new Map([[one.slot, 3]]));
  expect(new Set(rows)).toEqual(new Set([1]));
  await engine.release();
});

test('of prompts that cannot be read together none takes a slot; a step is for all that are taken', async () => {
  const { model } = await loadCase(parityCase('llama3'));
  const engine = new GenerateEngine(onnxruntime, model);
  const [one] = await engine.admit([{ ids: ids(4, 1) }]);
  const failing = { ...onnxruntime, compile: () => Promise.reject(new Error('no room')) };
  const broken = new GenerateEngine({ ...failing, describe: () => onnxruntime.describe() }, model);
  await expect(broken.admit([{ ids: [3] }, { ids: [4] }])).rejects.toThrow('no room');
  await expect(engine.step(new Map())).rejects.toThrow('one token for each slot');
  engine.free(one.slot);
  engine.free(one.slot);
  await expect(engine.step(new Map([[one.slot, 3]]))).rejects.toThrow('one token for each slot');
  await engine.release();
});
