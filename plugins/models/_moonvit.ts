/** MoonViT (Kimi Team, 2025, arXiv 2504.07491), which Kimi-VL and Kimi K2.5 see with. Its parts are named as in published files. */
import {
  LayerNorm,
  Merger,
  PatchMerger,
  PatchTower,
  PlainMlp,
  type ConfigReader,
  type Names,
  type Scope,
} from 'swift-ts/nn';
import type { Tensor } from 'swift-ts/graph';
import { activationOf } from './_towers.js';

export const MOON_VISION = 'vision_tower';
const EPS = 1e-5;

export interface MoonProjector {
  /** Where it lies, and what its parts are called. */
  readonly place: string;
  readonly names: Names;
  readonly eps?: number;
}

/** Sides of a patch, and of the squares of patches that become a feature. @throws ConfigError */
export function moonPatches(vision: ConfigReader) {
  const [down, across] = vision.has('merge_kernel_size') ? vision.numbers('merge_kernel_size') : [2, 2];
  if (down !== across) throw vision.error('merge_kernel_size', 'two equal numbers');
  return { patch_size: vision.count('patch_size', 14), merge_size: down, temporal_patch_size: 1 };
}

/** @param out width of a feature @throws ConfigError */
export function moonVit(vision: ConfigReader, out: number, projector: MoonProjector): PatchTower {
  const sizes = moonPatches(vision);
  const side = vision.count('pos_emb_height', 64);
  vision.only('pos_emb_width', side);
  const width = vision.count('hidden_size', 1152);
  const intermediate_size = vision.count('intermediate_size', 4304);
  const activation = activationOf(vision, 'hidden_act', 'gelu_pytorch_tanh');
  const names = { up_proj: 'fc0', down_proj: 'fc1' };
  const mlp = { hidden_size: width, intermediate_size, activation, bias: true, names };
  return new PatchTower({
    ...sizes,
    ...{ width, intermediate_size, activation, out },
    heads: vision.count('num_attention_heads', 16),
    layers: vision.count('num_hidden_layers', 27),
    eps: EPS,
    patch_bias: true,
    fused: { qkv: 'wqkv', proj: 'wo' },
    block_names: { norm1: 'norm0', norm2: 'norm1', attn: '' },
    mlp: () => new PlainMlp(mlp),
    rope: { theta: vision.nested('rope_parameters').number('rope_theta', 10_000), order: 'pairs' },
    table: { side, filter: 'bicubic', square: true },
    merger: () => new MoonMerger(width, sizes.merge_size, out, projector),
    names: {
      patch_embed: `${MOON_VISION}.patch_embed.proj`,
      pos_embed: `${MOON_VISION}.patch_embed.pos_emb`,
      blocks: `${MOON_VISION}.encoder.blocks`,
      merger: '',
    },
  });
}

/** Patches through the tower's last norm, then squares of them through the projector. */
class MoonMerger extends Merger {
  readonly last: LayerNorm;
  readonly projector: PatchMerger;

  constructor(width: number, merge_size: number, out: number, { place, names, eps = EPS }: MoonProjector) {
    super();
    this.names = { last: `${MOON_VISION}.encoder.final_layernorm`, projector: place };
    this.last = new LayerNorm(width, EPS);
    this.projector = new PatchMerger({ width, merge_size, out, norm: 'layer', eps, names });
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    return this.projector.forward(scope, this.last.forward(scope, patches));
  }
}
