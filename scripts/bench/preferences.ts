/** Steps of preference trainers beside a step of fine-tuning: LoRA on all linears, one row of two sequences after the other. */
import { pluginOptions } from '../../core/config/plugin-options.js';
import type { Sample } from '../../core/contracts/template.js';
import { SeededRandom } from '../../core/data/index.js';
import { mismatched } from '../../core/data/mismatched.js';
import { rowLengths } from '../../core/data/micro-batches.js';
import { Decoder, Linear } from '../../core/nn/index.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { services } from '../../core/sdk/default-services.js';
import { CrossEntropy } from '../../core/train/cross-entropy.js';
import { clipGradients, gradientNorm } from '../../core/train/gradients.js';
import { ObjectivePasses } from '../../core/train/objective-passes.js';
import { optimizedBy } from '../../core/train/optimized.js';
import type { Passes } from '../../core/train/passes.js';
import { precomputed, withoutAdapters, type Reference } from '../../core/train/reference.js';
import { TrainedParameters } from '../../core/train/trained-parameters.js';
import { randomModel } from './random-model.js';
import { markdownTable, median, peakMemory, type BenchRow } from './row.js';
import { SHAPES } from './shapes.js';

const SHAPE = 'smollm2-135m';
const RANK = 8;
const ROUNDS = 4;

/** One pair of sequences, of which the second half is the answer. */
export interface DpoBench {
  readonly trainer: 'dpo';
  /** Tokens of each sequence. */
  readonly seq: number;
  readonly steps: number;
}

/** A kind of step, and what it comes to beside fine-tuning. */
export interface PreferenceRow {
  readonly name: string;
  /** Of the sequences that are read, once each, whatever reads them. */
  readonly tokens: number;
  readonly step_ms: number;
  /** Against a step of fine-tuning on the same rows. */
  readonly of_rows: number;
  /** Against one on all the sequences that are read. */
  readonly of_tokens: number;
}

/** One step of each kind in turn, the fastest of each. */
export async function benchPreferences(): Promise<readonly PreferenceRow[]> {
  const seq = 256;
  const bench = await Bench.open(seq);
  const rows = randomSamples(seq);
  const pair = pairOf(rows);
  const read = [...rows, ...mismatched(rows, seq)];
  const { base } = bench;
  const asked = (samples: readonly Sample[]) => bench.precomputed(samples);
  type Kind = readonly [name: string, passes: Passes, samples: readonly Sample[], read: readonly Sample[]];
  const kinds: readonly Kind[] = [
    ['sft', bench.plain, rows, rows],
    ['sft, twice the rows', bench.plain, read, read],
    ['dpo', await bench.passes('dpo', base), pair, rows],
    ['dpo, reference asked before', await bench.passes('dpo', await asked(pair)), pair, rows],
    ['cpo', await bench.passes('cpo'), pair, rows],
    ['simpo', await bench.passes('simpo'), pair, rows],
    ['orpo', await bench.passes('orpo'), pair, rows],
    ['rm', await bench.passes('rm'), pair, rows],
    ['kto', await bench.passes('kto', base), rows, read],
    ['kto, reference asked before', await bench.passes('kto', await asked(rows)), rows, read],
  ];
  const times = kinds.map(() => [] as number[]);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, [, passes, samples]] of kinds.entries()) {
      const elapsed = await bench.step(passes, samples);
      if (round > 0) times[i].push(elapsed); // graphs are compiled in the first
    }
  }
  await bench.release();
  // Whatever else runs only makes a step slower.
  const steps = times.map((all) => Math.min(...all));
  return kinds.map(([name, , , of], i) => ({
    name,
    tokens: seq * of.length,
    step_ms: steps[i],
    of_rows: steps[i] / steps[0],
    of_tokens: steps[i] / steps[of === rows ? 0 : 1],
  }));
}

export function printPreferences(rows: readonly PreferenceRow[]): void {
  const cells = rows.map(({ name, tokens, step_ms, of_rows, of_tokens }) => [
    ...[name, String(tokens), step_ms.toFixed(0), of_rows.toFixed(2), of_tokens.toFixed(2)],
  ]);
  console.log(
    markdownTable(['step', 'tokens', 'step_ms', 'of sft on the rows', 'of sft on the tokens'], cells),
  );
}

/** DPO against the base under the adapter, to compare with TRL's. */
export async function benchDpo({ seq, steps }: DpoBench): Promise<BenchRow> {
  const bench = await Bench.open(seq);
  const passes = await bench.passes('dpo', bench.base);
  const pair = pairOf(randomSamples(seq));
  const times: number[] = [];
  for (let step = 0; step <= steps; step++) times.push(await bench.step(passes, pair));
  await bench.release();
  const step_ms = median(times.slice(1));
  return {
    name: `${SHAPE} dpo of lora r${RANK} all-linear`,
    mode: 'save',
    dtype: 'f32',
    batch: 2,
    seq,
    step_ms,
    tokens_per_s: (1000 * 2 * seq) / step_ms,
    rss_gb: peakMemory(),
  };
}

/** A model with an adapter, ready to train. */
class Bench {
  readonly plain: Passes;
  readonly base: Reference;

  private constructor(
    private readonly engine: TrainEngine,
    private readonly layout: ConstructorParameters<typeof ObjectivePasses>[1],
    private readonly update: () => void,
  ) {
    this.plain = new CrossEntropy(engine, layout, () => undefined);
    this.base = withoutAdapters(engine);
  }

  static async open(seq: number): Promise<Bench> {
    const { plugins, backend } = services();
    const model = await randomModel(new Decoder(SHAPES[SHAPE]), 'f32');
    // A reward model reads the same states.
    const score = new Linear(model.shape.hidden_size, 1);
    score.weight.data = new Float32Array(model.shape.hidden_size).fill(0.01);
    model.score = score;
    const { instance: lora, meta } = await plugins.resolve('tuner', 'lora');
    const told = { lora_rank: RANK, lora_dropout: 0, target_modules: ['all-linear'] };
    await lora.apply(model, pluginOptions(meta, told), SeededRandom.seeded(3));
    const { instance: adamw, meta: optimizing } = await plugins.resolve('optimizer', 'adamw_torch');
    const adam = pluginOptions(optimizing, {});
    const { list, gradients } = new TrainedParameters(model, adamw.slots);
    const engine = new TrainEngine(await backend(), model, { residuals: 'save', gradients });
    const layout = { lengths: rowLengths(seq), padTokenId: 0, packs: true };
    const grads = list.map(({ grad }) => grad);
    return new Bench(engine, layout, () => {
      clipGradients(grads, gradientNorm(grads), 1);
      adamw.step(list, 1e-4, adam);
    });
  }

  async passes(trainer: string, reference?: Reference): Promise<Passes> {
    const { instance, meta } = await services().plugins.resolve('trainer', trainer);
    const { objective } = optimizedBy(instance, pluginOptions(meta, {}));
    return new ObjectivePasses(this.engine, this.layout, objective!, reference);
  }

  precomputed(samples: readonly Sample[]): Promise<Reference> {
    return precomputed(this.base, samples, this.layout, () => undefined);
  }

  /** Forward, backward, clipping, AdamW. @returns milliseconds */
  async step(passes: Passes, samples: readonly Sample[]): Promise<number> {
    const started = performance.now();
    this.engine.zeroGradients();
    await passes.train(samples, () => Math.random, 0);
    this.update();
    return performance.now() - started;
  }

  release(): Promise<void> {
    return this.engine.release();
  }
}

/** Two rows of a prompt and an answer of the same length, a good one and a bad one. */
function randomSamples(seq: number): Sample[] {
  const { vocab_size } = SHAPES[SHAPE];
  const random = SeededRandom.seeded(2);
  return [true, false].map((label) => {
    const input_ids = Int32Array.from({ length: seq }, () => random.below(vocab_size));
    return { input_ids, labels: input_ids.map((id, t) => (t < seq / 2 ? -100 : id)), label };
  });
}

const pairOf = ([better, worse]: readonly Sample[]): Sample[] => [{ ...better, partners: [worse] }];
