import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { collate } from '../../../core/data/collate.js';
import { SeededRandom } from '../../../core/data/random.js';
import { add, silu, type ResidualPolicy } from '../../../core/graph/index.js';
import { ScratchFile } from '../../../core/io/scratch-file.js';
import { Decoder, Linear, type Stage, type StageOptions } from '../../../core/nn/index.js';
import { TrainEngine } from '../../../core/runtime/train-engine.js';
import { backendOf } from '../../../parity/cases.js';

const SIZE = { hidden_size: 8, intermediate_size: 12, vocab_size: 16 };

/** A decoder with a tower: features made from an input of the batch, which two stages read, and a stage that nobody needs. */
class Towered extends Decoder {
  readonly side = new Linear(4, SIZE.hidden_size);

  constructor() {
    super({
      ...SIZE,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      num_key_value_heads: 2,
      head_dim: 4,
      max_position_embeddings: 32,
      norm_eps: 1e-6,
      rope_theta: 10000,
      tie_word_embeddings: false,
      bias: { qkv: false, o: false, mlp: false },
      activation: silu,
    });
  }

  override stages(options: StageOptions): readonly Stage[] {
    const [embed, ...blocks] = super.stages(options);
    const tower: Stage = {
      reads: ['pixels'],
      forward: (scope, { pixels }) => ({ features: this.side.forward(scope, pixels), unused: pixels }),
    };
    const place: Stage = {
      reads: ['hidden', 'features'],
      forward: (_, { hidden, features }) => ({ hidden: add(hidden, features) }),
    };
    return [tower, embed, place, ...blocks.flatMap((block) => [block, place])];
  }
}

function model(): Towered {
  const towered = new Towered();
  const random = SeededRandom.seeded(5);
  for (const [, parameter] of towered.namedParameters()) {
    parameter.data = Float32Array.from({ length: parameter.size }, () => 0.3 * random.normal());
  }
  return towered;
}

const random = SeededRandom.seeded(6);
const pixels = Float32Array.from({ length: 6 * 4 }, () => random.normal());
const batch = {
  ...collate([[{ input_ids: [1, 5, 2, 9, 3, 7], labels: [-100, 5, 2, 9, 3, 7] }]], {
    seq: 6,
    pad_token_id: 0,
  }),
  inputs: { pixels: { dtype: 'float32', shape: [1, 6, 4], data: pixels } },
} as const;

async function run(towered: Towered, residuals: ResidualPolicy = 'save') {
  const scratch = residuals === 'offload' ? await ScratchFile.open(tmpdir()) : undefined;
  const engine = new TrainEngine(await backendOf('onnxruntime'), towered, { residuals, scratch });
  const { loss } = await engine.accumulate(batch, 1, () => 0.5);
  const again = await engine.accumulate(batch, 0, () => 0.5);
  const gradients = new Map([...engine.gradients].map(([parameter, values]) => [parameter, values.slice()]));
  const evaluated = (await engine.evaluate(batch)).loss;
  await engine.release();
  await scratch?.close();
  return { loss, again: again.loss, gradients, evaluated };
}

test('a value that several stages read gets the sum of their gradients', async () => {
  const towered = model();
  const { weight } = towered.side;
  const below = towered.model.embed_tokens.weight;
  weight.trainable = true;
  below.trainable = true;
  const { gradients } = await run(towered);
  for (const parameter of [weight, below]) {
    const values = parameter.data!;
    const direction = values.map(() => random.normal());
    const slope = direction.reduce((sum, d, i) => sum + d * gradients.get(parameter)![i], 0);
    const original = values.slice();
    const lossAt = async (step: number): Promise<number> => {
      values.set(original.map((value, i) => value + step * direction[i]));
      return (await run(towered)).loss;
    };
    const measured = ((await lossAt(1e-2)) - (await lossAt(-1e-2))) / 2e-2;
    values.set(original);
    expect(Math.abs(measured - slope)).toBeLessThan(0.01 * Math.abs(slope) + 1e-3);
  }
});

test('the same gradients whatever is kept, the same loss without a way back, and pass after pass', async () => {
  const results = [];
  for (const residuals of ['save', 'recompute', 'offload'] as const) {
    const towered = model();
    towered.side.weight.trainable = true;
    const { loss, again, evaluated, gradients } = await run(towered, residuals);
    expect(again).toBe(loss);
    expect(evaluated).toBeCloseTo(loss, 5);
    results.push({ loss, gradient: gradients.get(towered.side.weight) });
  }
  expect(results[1].gradient).toEqual(results[0].gradient);
  expect(results[2]).toEqual(results[0]);
});

test('stages below the first trained parameter have no way back', async () => {
  const towered = model();
  const trained = towered.model.layers[1].namedParameters().next().value![1];
  trained.trainable = true;
  const engine = new TrainEngine(await backendOf('onnxruntime'), towered, { residuals: 'save' });
  await engine.accumulate(batch, 1, () => 0.5);
  // Tower, embedding, placing, block, block and its backward, the last placing and its backward, the head.
  expect(engine.executables.count).toBe(8);
  await engine.release();
});
