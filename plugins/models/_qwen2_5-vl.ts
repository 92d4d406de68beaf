/** The tower of Qwen2.5-VL, which Qwen2.5-Omni has too. */
import {
  GatedMlp,
  PatchTower,
  type ConfigReader,
  type DecoderTraits,
  type Names,
  type PatchTowerSize,
} from 'swift-ts/nn';
import { formerMerger, patchSizes } from './_qwen-vl.js';
import { activationOf } from './_towers.js';

/** Attention within windows, in all blocks but some. @param split names of queries, keys and values where they are apart */
export function windowedTower(vision: ConfigReader, text: DecoderTraits, split?: Names): PatchTower {
  const sizes = patchSizes(vision);
  const { merge_size, patch_size } = sizes;
  const out = vision.count('out_hidden_size', 3584);
  if (out !== text.hidden_size)
    throw vision.error('out_hidden_size', `${text.hidden_size}, the language model's`);
  const side = Math.floor(vision.count('window_size', 112) / merge_size / patch_size);
  if (side < 1) throw vision.error('window_size', `at least ${merge_size * patch_size}, a square of patches`);
  const plain = {
    width: vision.count('hidden_size', 3584),
    intermediate_size: vision.count('intermediate_size', 3420),
    activation: activationOf(vision, 'hidden_act', 'silu'),
  };
  const size: PatchTowerSize = {
    ...sizes,
    ...plain,
    out,
    split,
    norm: 'rms',
    eps: 1e-6,
    mlp: () => new GatedMlp({ ...plain, hidden_size: plain.width, bias: true }),
    heads: vision.count('num_heads', 16),
    layers: vision.count('depth', 32),
    windows: {
      side,
      full: vision.has('fullatt_block_indexes') ? vision.numbers('fullatt_block_indexes') : [7, 15, 23, 31],
    },
    merger: () => formerMerger({ ...sizes, width: plain.width, out, norm: 'rms' }),
  };
  return new PatchTower(size);
}
