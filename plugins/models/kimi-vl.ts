import {
  ACTIVATIONS,
  ConfigReader,
  LayerNorm,
  Merger,
  MultimodalLM,
  PatchMerger,
  PatchTower,
  PlainMlp,
  type Config,
  type Scope,
} from 'swift-ts/nn';
import type { Tensor } from 'swift-ts/graph';
import {
  HALF_NORMALIZATION,
  model,
  PaddedPatches,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';

const EPS = 1e-5;
const TOKEN = '<|media_pad|>';

/** Patches through the tower's last norm, then squares of them through the projector. */
class MoonMerger extends Merger {
  readonly last: LayerNorm;
  readonly projector: PatchMerger;

  constructor(width: number, merge_size: number, out: number) {
    super();
    this.names = {
      last: 'vision_tower.encoder.final_layernorm',
      projector: 'multi_modal_projector',
    };
    this.last = new LayerNorm(width, EPS);
    const names = { norm: 'pre_norm', up: 'linear_1', down: 'linear_2' };
    this.projector = new PatchMerger({ width, merge_size, out, norm: 'layer', eps: EPS, names });
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    return this.projector.forward(scope, this.last.forward(scope, patches));
  }
}

/** Kimi-VL (Kimi Team, 2025, arXiv 2504.07491). https://huggingface.co/moonshotai/Kimi-VL-A3B-Instruct */
@model({
  family: 'kimi_vl',
  summary: 'Kimi-VL: MoonViT over pictures of any size, and Moonlight',
  architectures: ['KimiVLForConditionalGeneration'],
  model_types: ['kimi_vl'],
  media: ['image'],
  template: 'kimi_vl',
  lora_target_modules: ['all-linear'],
  variants: {
    'kimi-vl-a3b-instruct': {
      hf: 'moonshotai/Kimi-VL-A3B-Instruct',
      ms: 'moonshotai/Kimi-VL-A3B-Instruct',
    },
    'kimi-vl-a3b-thinking': {
      hf: 'moonshotai/Kimi-VL-A3B-Thinking',
      ms: 'moonshotai/Kimi-VL-A3B-Thinking',
    },
    'kimi-vl-a3b-thinking-2506': {
      hf: 'moonshotai/Kimi-VL-A3B-Thinking-2506',
      ms: 'moonshotai/Kimi-VL-A3B-Thinking-2506',
    },
  },
})
export class KimiVl implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const places = { model: 'language_model.model', head: 'language_model.' };
    const text = textTraits(reader.nested('text_config').config, places);
    const vision = reader.nested('vision_config');
    const sizes = patchSizes(vision);
    const side = vision.count('init_pos_emb_height', 64);
    vision.only('init_pos_emb_width', side);
    const width = vision.count('hidden_size', 1152);
    const intermediate_size = vision.count('intermediate_size', 4304);
    const activation = ACTIVATIONS.gelu_pytorch_tanh;
    const names = { up_proj: 'fc0', down_proj: 'fc1' };
    const mlp = { hidden_size: width, intermediate_size, activation, bias: true, names };
    const tower = new PatchTower({
      ...sizes,
      width,
      intermediate_size,
      activation,
      out: text.hidden_size,
      heads: vision.count('num_attention_heads', 16),
      layers: vision.count('num_hidden_layers', 27),
      eps: EPS,
      patch_bias: true,
      fused: { qkv: 'wqkv', proj: 'wo' },
      block_names: { norm1: 'norm0', norm2: 'norm1', attn: '' },
      mlp: () => new PlainMlp(mlp),
      rope: { theta: 10_000, order: 'pairs' },
      table: { side, filter: 'bicubic', square: true },
      merger: () => new MoonMerger(width, sizes.merge_size, text.hidden_size),
      names: {
        patch_embed: 'vision_tower.patch_embed.proj',
        pos_embed: 'vision_tower.patch_embed.pos_emb',
        blocks: 'vision_tower.encoder.blocks',
        merger: '',
      },
    });
    return new MultimodalLM({
      text,
      tower,
      roles: [
        ['vision_tower', 'vit'],
        ['multi_modal_projector', 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const sizes = patchSizes(new ConfigReader(config).nested('vision_config'));
    const reader = new ConfigReader(settings);
    reader.only('patch_size', sizes.patch_size);
    if (!reader.flag('pad_input')) throw reader.error('pad_input', 'true');
    const image = new PaddedPatches({
      ...imageSteps(settings, HALF_NORMALIZATION),
      ...sizes,
      most_patches: reader.count('in_token_limit', 4096),
      token: TOKEN,
      text: ({ features }) => `<|media_start|>image<|media_content|>${TOKEN.repeat(features)}<|media_end|>`,
    });
    return { image };
  }
}

function patchSizes(vision: ConfigReader) {
  vision.only('model_type', 'moonvit');
  const [down, across] = vision.has('merge_kernel_size') ? vision.numbers('merge_kernel_size') : [2, 2];
  if (down !== across) throw vision.error('merge_kernel_size', 'two equal numbers');
  return { patch_size: vision.count('patch_size', 14), merge_size: down, temporal_patch_size: 1 };
}
