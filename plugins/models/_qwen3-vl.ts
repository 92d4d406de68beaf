/** What Qwen3-VL is with and without mixtures. */
import {
  DecoderLoader,
  decoderTraits,
  HeadRmsNorm,
  MultimodalLM,
  PatchMerger,
  PatchTower,
  PlainMlp,
  ropeFields,
  type Config,
  type ConfigReader,
  type Decoder,
  type DecoderTraits,
  type Mrope,
  type Names,
  type TraitDefaults,
} from 'swift-ts/nn';
import {
  secondsOfPairs,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import {
  NAMES,
  patchSizes,
  qwenVlProcessor,
  ROLES,
  sectionsOf,
  timedVideo,
  withTextFields,
  type Habits,
} from './_qwen-vl.js';
import { activationOf } from './_towers.js';

export const QWEN3_HABITS: Habits = {
  patch_size: 16,
  video: {
    text: timedVideo,
    // In the middle of each pair of frames.
    seconds: (frames) => secondsOfPairs(frames).map(([first, second]) => (first + second) / 2),
  },
};

/** Qwen3-VL without mixtures, and what is built on it. */
export class Qwen3VlLoader extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return qwen3VlTraits(reader, { head_dim: 128 });
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return qwen3VlModel(text, reader);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return qwenVlProcessor(config, settings, QWEN3_HABITS);
  }
}

/** Its language model: Qwen3, whose positions lie on three axes. */
export function qwen3VlTraits(reader: ConfigReader, defaults: TraitDefaults): DecoderTraits {
  const common = { max_position_embeddings: 128_000, rope_theta: 500_000 };
  const traits = decoderTraits(reader, { ...common, ...defaults });
  return { ...traits, qk_norm: () => new HeadRmsNorm(traits.head_dim, traits.norm_eps), names: NAMES };
}

/** With its tower. @param deep see `Qwen3TowerHabits` */
export function qwen3VlModel(
  text: DecoderTraits,
  reader: ConfigReader,
  deep?: readonly number[],
): MultimodalLM {
  const vision = reader.nested('vision_config');
  return new MultimodalLM({
    text,
    tower: qwen3Tower(vision, text, { deep }),
    roles: [...ROLES, ['model.visual.deepstack_merger_list', 'aligner']],
    mrope: { axes: interleavedAxes(reader, text), merge_size: patchSizes(vision, 16).merge_size },
  });
}

interface Qwen3TowerHabits {
  /** Blocks of the tower behind which there are features for the first blocks of the language model, where the config does not say. */
  readonly deep?: readonly number[];
  /** Of the tower. */
  readonly names?: Names;
  /** Of its mergers. */
  readonly mergers?: Names;
}

/**
 * A tower with a table of positions, and features for the language model's first blocks too (DeepStack; Meng et al., 2024, arXiv
 * 2406.04334).
 */
export function qwen3Tower(
  vision: ConfigReader,
  text: DecoderTraits,
  { deep = [8, 16, 24], names: own, mergers }: Qwen3TowerHabits = {},
): PatchTower {
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
  return new PatchTower({
    ...sizes,
    ...plain,
    out,
    layers,
    names: own,
    eps: 1e-6,
    mlp: () => new PlainMlp({ ...plain, hidden_size: plain.width, bias: true, names }),
    heads: vision.count('num_heads', 16),
    patch_bias: true,
    table: { side: Math.sqrt(positions), filter: 'bilinear' },
    deepstack: deepstack(vision, { layers, most: text.num_hidden_layers, deep }),
    merger: (isDeep) =>
      new PatchMerger({
        ...sizes,
        width: plain.width,
        out,
        norm: 'layer',
        eps: 1e-6,
        normsSquares: isDeep,
        names: mergers ?? { up: 'linear_fc1', down: 'linear_fc2' },
      }),
  });
}

/** Blocks of the tower, in order, for as many first ones of the language model. */
function deepstack(
  vision: ConfigReader,
  {
    layers,
    most,
    deep,
  }: { readonly layers: number; readonly most: number; readonly deep: readonly number[] },
): readonly number[] {
  const field = 'deepstack_visual_indexes';
  const blocks = vision.has(field) ? vision.numbers(field) : deep;
  const rising = blocks.every((block, i) => Number.isInteger(block) && block > (blocks[i - 1] ?? -1));
  if (!rising || blocks.length > most || (blocks.at(-1) ?? 0) >= layers)
    throw vision.error(field, `at most ${most} rising numbers below ${layers}, the tower's blocks`);
  return blocks;
}

/** Frequencies turn by time, row and column in turn, as long as these have some left, and by time behind that. */
export function interleavedAxes(reader: ConfigReader, text: DecoderTraits): Mrope['axes'] {
  ropeFields(reader).only('mrope_interleaved', true);
  const sections = sectionsOf(reader, text);
  const count = sections.reduce((sum, section) => sum + section, 0);
  return Array.from({ length: count }, (_, i) => (i < 3 * sections[i % 3] ? i % 3 : 0));
}
