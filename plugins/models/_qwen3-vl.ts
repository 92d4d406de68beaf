/** What Qwen3-VL is with and without mixtures. */
import {
  decoderTraits,
  HeadRmsNorm,
  MultimodalLM,
  PatchMerger,
  PatchTower,
  PlainMlp,
  ropeFields,
  type ConfigReader,
  type DecoderTraits,
  type Mrope,
  type TraitDefaults,
} from 'swift-ts/nn';
import { secondsOfPairs } from 'swift-ts/plugin';
import { NAMES, patchSizes, ROLES, sectionsOf, timedVideo, type Habits } from './_qwen-vl.js';
import { activationOf } from './_towers.js';

export const QWEN3_HABITS: Habits = {
  patch_size: 16,
  video: {
    text: timedVideo,
    // In the middle of each pair of frames.
    seconds: (frames) => secondsOfPairs(frames).map(([first, second]) => (first + second) / 2),
  },
};

/** Its language model: Qwen3, whose positions lie on three axes. */
export function qwen3VlTraits(reader: ConfigReader, defaults: TraitDefaults): DecoderTraits {
  const common = { max_position_embeddings: 128_000, rope_theta: 500_000 };
  const traits = decoderTraits(reader, { ...common, ...defaults });
  return { ...traits, qk_norm: () => new HeadRmsNorm(traits.head_dim, traits.norm_eps), names: NAMES };
}

/** With its tower: a table of positions, and features for the first blocks too (DeepStack; Meng et al., 2024, arXiv 2406.04334). */
export function qwen3VlModel(text: DecoderTraits, reader: ConfigReader): MultimodalLM {
  const vision = reader.nested('vision_config');
  const sizes = patchSizes(vision, 16);
  const out = vision.count('out_hidden_size', 3584);
  if (out !== text.hidden_size)
    throw vision.error('out_hidden_size', `${text.hidden_size}, the language model's`);
  const positions = vision.count('num_position_embeddings', 2304);
  if (!Number.isInteger(Math.sqrt(positions)))
    throw vision.error('num_position_embeddings', 'a square number');
  const plain = {
    width: vision.count('hidden_size', 1152),
    intermediate_size: vision.count('intermediate_size', 4304),
    activation: activationOf(vision, 'hidden_act', 'gelu_pytorch_tanh'),
  };
  const layers = vision.count('depth', 27);
  const names = { up_proj: 'linear_fc1', down_proj: 'linear_fc2' };
  const tower = new PatchTower({
    ...sizes,
    ...plain,
    out,
    layers,
    eps: 1e-6,
    mlp: () => new PlainMlp({ ...plain, hidden_size: plain.width, bias: true, names }),
    heads: vision.count('num_heads', 16),
    patch_bias: true,
    table: { side: Math.sqrt(positions), filter: 'bilinear' },
    deepstack: deepstack(vision, layers, text.num_hidden_layers),
    merger: (deep) =>
      new PatchMerger({
        ...sizes,
        width: plain.width,
        out,
        norm: 'layer',
        eps: 1e-6,
        normsSquares: deep,
        names: { up: 'linear_fc1', down: 'linear_fc2' },
      }),
  });
  return new MultimodalLM({
    text,
    tower,
    roles: [...ROLES, ['model.visual.deepstack_merger_list', 'aligner']],
    mrope: { axes: interleavedAxes(reader, text), merge_size: sizes.merge_size },
  });
}

/** Blocks of the tower, in order, for as many first ones of the language model. */
function deepstack(vision: ConfigReader, layers: number, most: number): readonly number[] {
  const field = 'deepstack_visual_indexes';
  const blocks = vision.has(field) ? vision.numbers(field) : [8, 16, 24];
  const rising = blocks.every((block, i) => Number.isInteger(block) && block > (blocks[i - 1] ?? -1));
  if (!rising || blocks.length > most || (blocks.at(-1) ?? 0) >= layers)
    throw vision.error(field, `at most ${most} rising numbers below ${layers}, the tower's blocks`);
  return blocks;
}

/** Frequencies turn by time, row and column in turn, as long as these have some left, and by time behind that. */
function interleavedAxes(reader: ConfigReader, text: DecoderTraits): Mrope['axes'] {
  ropeFields(reader).only('mrope_interleaved', true);
  const sections = sectionsOf(reader, text);
  const count = sections.reduce((sum, section) => sum + section, 0);
  return Array.from({ length: count }, (_, i) => (i < 3 * sections[i % 3] ? i % 3 : 0));
}
