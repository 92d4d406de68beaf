/** Steps of a model that sees: a picture's patches through the tower, its features among the tokens of a row. */
import type { Batch } from '../../core/contracts/batch.js';
import type { Grid } from '../../core/contracts/processor.js';
import { IGNORE_INDEX } from '../../core/contracts/template.js';
import { SeededRandom } from '../../core/data/index.js';
import type { CausalLM, DecoderTraits } from '../../core/nn/index.js';
import { services } from '../../core/sdk/default-services.js';
import { randomModel } from './random-model.js';
import type { BenchRow } from './row.js';
import { SHAPES, usefulFlops } from './shapes.js';
import { benchSteps, RANK, type StepSettings } from './train.js';

/** A LoRA step at the shape of Qwen2-VL-2B with fewer layers and words, tower and merger frozen. */
export interface SeeingBench extends StepSettings {
  readonly sees: 'qwen2-vl-2b';
}

const TEXT: DecoderTraits = { ...SHAPES['qwen2-1.5b'], num_hidden_layers: 4, vocab_size: 32_768 };
const TOWER = { depth: 5, width: 1280, heads: 16, patch: 14, merge: 2 };
/** A picture of 448 pixels a side. */
const GRID: Grid = [1, 32, 32];
const PATCHES = GRID[1] * GRID[2];
const FEATURES = PATCHES / TOWER.merge ** 2;
/** A row of a patch: three channels of two frames. */
const VALUES = 3 * 2 * TOWER.patch ** 2;

export async function benchSeeing(bench: SeeingBench): Promise<BenchRow> {
  const { instance } = await services().plugins.resolve('model', 'qwen2-vl-2b-instruct');
  const model = await randomModel(instance.build(config()) as CausalLM, bench.format);
  for (const [path, parameter] of model.namedParameters())
    parameter.trainable &&= !path.startsWith('model.visual.');
  const flops = usefulFlops(TEXT, bench.seq, RANK) - headOfFeatures() + towerFlops();
  return {
    name: `${bench.sees} shape, ${TEXT.num_hidden_layers} and ${TOWER.depth} layers, lora r${RANK}`,
    mode: bench.residuals,
    ...(await benchSteps(model, rowWithPicture(bench.seq), { settings: bench, flops })),
  };
}

function config(): Record<string, unknown> {
  return {
    model_type: 'qwen2_vl',
    vocab_size: TEXT.vocab_size,
    hidden_size: TEXT.hidden_size,
    intermediate_size: TEXT.intermediate_size,
    num_hidden_layers: TEXT.num_hidden_layers,
    num_attention_heads: TEXT.num_attention_heads,
    num_key_value_heads: TEXT.num_key_value_heads,
    hidden_act: 'silu',
    rms_norm_eps: 1e-6,
    rope_theta: 1_000_000,
    rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] },
    max_position_embeddings: 32_768,
    tie_word_embeddings: true,
    vision_config: {
      depth: TOWER.depth,
      embed_dim: TOWER.width,
      hidden_size: TEXT.hidden_size,
      num_heads: TOWER.heads,
      mlp_ratio: 4,
      patch_size: TOWER.patch,
      spatial_merge_size: TOWER.merge,
      temporal_patch_size: 2,
      in_channels: 3,
    },
  };
}

/** Forward alone: 2 for each weight and row, and attention of all patches to all. */
function towerFlops(): number {
  const { depth, width, merge } = TOWER;
  const block = 12 * width ** 2;
  const attention = 2 * 2 * width * PATCHES ** 2;
  const merged = width * merge ** 2;
  const merger = merged * (merged + TEXT.hidden_size);
  return 2 * PATCHES * (VALUES * width + depth * block) + depth * attention + 2 * FEATURES * merger;
}

/** The head reads what predicts words, of which features are none. */
const headOfFeatures = (): number => 4 * TEXT.hidden_size * TEXT.vocab_size * FEATURES;

/** A picture, and words behind it that are all learned. */
function rowWithPicture(seq: number): Batch {
  const random = SeededRandom.seeded(2, seq);
  const input_ids = Int32Array.from({ length: seq }, () => random.below(TEXT.vocab_size));
  const labels = input_ids.map((id, i) => (i <= FEATURES ? IGNORE_INDEX : id));
  const values = Float32Array.from({ length: PATCHES * VALUES }, () => random.uniform() - 0.5);
  const span = { start: 0, length: FEATURES, grid: GRID };
  return {
    batch: 1,
    seq,
    input_ids,
    labels,
    position_ids: Int32Array.from(input_ids, (_, i) => i),
    samples: [{ start: 0, length: seq }],
    media: [
      {
        spans: [span],
        digest: '',
        files: [],
        load: () => Promise.resolve([{ kind: 'image', values, grid: GRID }]),
      },
    ],
  };
}
