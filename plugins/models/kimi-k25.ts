import {
  ConfigReader,
  LayerNorm,
  Merger,
  MultimodalLM,
  PatchMerger,
  PatchTower,
  PlainMlp,
  type Config,
  type PatchMergerSize,
  type Scope,
} from 'swift-ts/nn';
import type { Tensor } from 'swift-ts/graph';
import {
  HALF_NORMALIZATION,
  MarginPatches,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';
import { activationOf } from './_towers.js';

const PLACES = { model: 'language_model.model', head: 'language_model.' };
const [VISION, PROJECTOR] = ['vision_tower', 'mm_projector'];
const PAD = '<|media_pad|>';
const EPS = 1e-5;

/** What published configs call the fields of the tower. */
const PUBLISHED = {
  hidden_size: 'vt_hidden_size',
  intermediate_size: 'vt_intermediate_size',
  num_attention_heads: 'vt_num_attention_heads',
  num_hidden_layers: 'vt_num_hidden_layers',
  pos_emb_height: 'init_pos_emb_height',
  pos_emb_width: 'init_pos_emb_width',
};

/** Kimi K2.5 and later (Kimi Team, 2026): Kimi K2 with MoonViT. Its parts are named as in published files. */
@model({
  family: 'kimi_k25',
  summary: 'Kimi K2.5 to K2.7: Kimi K2 that sees pictures of any size, by MoonViT',
  architectures: ['KimiK25ForConditionalGeneration', 'Kimi_K25ForConditionalGeneration'],
  model_types: ['kimi_k25'],
  media: ['image'],
  template: 'kimi_k25',
  lora_target_modules: ['all-linear'],
  variants: {
    'kimi-k2.5': {
      hf: 'moonshotai/Kimi-K2.5',
      ms: 'moonshotai/Kimi-K2.5',
      codec: 'compressed-tensors',
    },
    'kimi-k2.6': {
      hf: 'moonshotai/Kimi-K2.6',
      ms: 'moonshotai/Kimi-K2.6',
      codec: 'compressed-tensors',
    },
    'kimi-k2.7-code': {
      hf: 'moonshotai/Kimi-K2.7-Code',
      ms: 'moonshotai/Kimi-K2.7-Code',
      codec: 'compressed-tensors',
    },
  },
})
export class KimiK25 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(
      { model_type: 'deepseek_v3', ...reader.nested('text_config').config },
      PLACES,
      config,
    );
    return new MultimodalLM({
      text,
      tower: towerOf(reader, text.hidden_size),
      roles: [
        [VISION, 'vit'],
        [PROJECTOR, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const vision = visionOf(new ConfigReader(config));
    // Published files have all in one field, and other names than Transformers.
    const published = new ConfigReader(settings).nested('media_proc_cfg');
    const reader = new ConfigReader({ ...settings, ...published.config });
    const [patch_size, merge_size] = [vision.count('patch_size', 14), mergeOf(vision)];
    reader.only('patch_size', patch_size);
    reader.only('fixed_output_tokens', null);
    const image = new MarginPatches({
      ...imageSteps(reader.config, { ...HALF_NORMALIZATION, filter: 'bicubic' }),
      ...{ patch_size, merge_size },
      temporal_patch_size: 1,
      most_patches: reader.count('in_patch_limit', reader.count('max_patches', 16_384)),
      most_of_side: reader.count('patch_limit_on_one_side', reader.nested('size').count('max_height', 512)),
      token: PAD,
      text: ({ features }) => `<|media_begin|>image<|media_content|>${PAD.repeat(features)}<|media_end|>\n`,
    });
    return { image };
  }
}

function visionOf(reader: ConfigReader): ConfigReader {
  const vision = reader.nested('vision_config');
  return vision.has('vt_hidden_size') ? new ConfigReader(vision.config, PUBLISHED) : vision;
}

/** Side of the squares of patches that become a feature. */
function mergeOf(vision: ConfigReader): number {
  const [down, across] = vision.has('merge_kernel_size') ? vision.numbers('merge_kernel_size') : [2, 2];
  if (down !== across) throw vision.error('merge_kernel_size', 'two equal numbers');
  return down;
}

function towerOf(reader: ConfigReader, hidden_size: number): PatchTower {
  const vision = visionOf(reader);
  for (const [field, value] of [
    ['merge_type', 'sd2_tpool'],
    ['mm_projector_type', 'patchmerger'],
    ['pos_emb_type', 'divided_fixed'],
    ['video_attn_type', 'spatial_temporal'],
    ['projector_hidden_act', 'gelu'],
  ] as const)
    vision.only(field, value);
  const width = vision.count('hidden_size', 1152);
  vision.only('mm_hidden_size', width);
  reader.only('projection_hidden_size', width);
  const side = vision.count('pos_emb_height', 64);
  vision.only('pos_emb_width', side);
  const intermediate_size = vision.count('intermediate_size', 4304);
  const activation = activationOf(vision, 'hidden_act', 'gelu_pytorch_tanh');
  const rope = vision.nested('rope_parameters');
  const merge_size = mergeOf(vision);
  const eps = vision.number('projector_ln_eps', reader.number('projection_layer_norm_eps', EPS));
  return new PatchTower({
    width,
    ...{ intermediate_size, activation },
    heads: vision.count('num_attention_heads', 16),
    layers: vision.count('num_hidden_layers', 27),
    eps: EPS,
    patch_size: vision.count('patch_size', 14),
    temporal_patch_size: 1,
    merge_size,
    out: hidden_size,
    patch_bias: true,
    rope: { theta: rope.number('rope_theta', 10_000), order: 'pairs' },
    table: { side, filter: 'bicubic', square: true },
    block_names: { norm1: 'norm0', norm2: 'norm1', attn: '' },
    fused: { qkv: 'wqkv', proj: 'wo' },
    mlp: () =>
      new PlainMlp({
        hidden_size: width,
        ...{ intermediate_size, activation },
        bias: true,
        names: { up_proj: 'fc0', down_proj: 'fc1' },
      }),
    merger: () =>
      new NormedMerger({
        ...{ width, merge_size, eps },
        out: hidden_size,
        norm: 'layer',
        names: { norm: 'pre_norm', up: 'proj.0', down: 'proj.2' },
      }),
    names: {
      patch_embed: `${VISION}.patch_embed.proj`,
      pos_embed: `${VISION}.patch_embed.pos_emb`,
      blocks: `${VISION}.encoder.blocks`,
      merger: '',
    },
  });
}

/** The tower's last norm, and what makes features of squares. */
class NormedMerger extends Merger {
  readonly final_layernorm: LayerNorm;
  readonly merger: PatchMerger;

  constructor(size: PatchMergerSize) {
    super();
    this.names = { final_layernorm: `${VISION}.encoder.final_layernorm`, merger: PROJECTOR };
    this.final_layernorm = new LayerNorm(size.width, EPS);
    this.merger = new PatchMerger(size);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    return this.merger.forward(scope, this.final_layernorm.forward(scope, patches));
  }
}
