import {
  ACTIVATIONS,
  DecoderLoader,
  MultimodalLM,
  PatchTower,
  decoderTraits,
  lateWindows,
  ropeFields,
  ConfigReader,
  type Config,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  model,
  PatchImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { qwen2Grounding } from './_grounding.js';
import { imageSteps } from './_image-settings.js';

/** Before Transformers 4.52, and in all files that it saves. */
const FORMER_NAMES = [
  [/^visual\./, 'model.visual.'],
  [/^model\.(?!language_model\.|visual\.)/, 'model.language_model.'],
] as const;

/** Qwen2-VL (Wang et al., 2024, arXiv 2409.12191) and models built on it. */
@model({
  family: 'qwen2_vl',
  summary: 'Qwen2-VL and models built on it: pictures of any size, positions in three dimensions',
  architectures: ['Qwen2VLForConditionalGeneration'],
  model_types: ['qwen2_vl'],
  media: ['image'],
  template: 'qwen2-vl',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen2-vl-2b': {
      hf: 'Qwen/Qwen2-VL-2B',
      ms: 'qwen/Qwen2-VL-2B',
      template: 'qwen2-vl-generation',
      size: '2B',
    },
    'qwen2-vl-2b-instruct': { hf: 'Qwen/Qwen2-VL-2B-Instruct', ms: 'qwen/Qwen2-VL-2B-Instruct', size: '2B' },
    'qwen2-vl-2b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2-VL-2B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-VL-2B-Instruct-GPTQ-Int4',
      size: '2B',
      codec: 'gptq',
    },
    'qwen2-vl-2b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2-VL-2B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-VL-2B-Instruct-GPTQ-Int8',
      size: '2B',
      codec: 'gptq',
    },
    'qwen2-vl-2b-instruct-awq': {
      hf: 'Qwen/Qwen2-VL-2B-Instruct-AWQ',
      ms: 'qwen/Qwen2-VL-2B-Instruct-AWQ',
      size: '2B',
      codec: 'awq',
    },
    'qwen2-vl-7b': {
      hf: 'Qwen/Qwen2-VL-7B',
      ms: 'qwen/Qwen2-VL-7B',
      template: 'qwen2-vl-generation',
      size: '7B',
    },
    'qwen2-vl-7b-instruct': { hf: 'Qwen/Qwen2-VL-7B-Instruct', ms: 'qwen/Qwen2-VL-7B-Instruct', size: '7B' },
    'qwen2-vl-7b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2-VL-7B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-VL-7B-Instruct-GPTQ-Int4',
      size: '7B',
      codec: 'gptq',
    },
    'qwen2-vl-7b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2-VL-7B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-VL-7B-Instruct-GPTQ-Int8',
      size: '7B',
      codec: 'gptq',
    },
    'qwen2-vl-7b-instruct-awq': {
      hf: 'Qwen/Qwen2-VL-7B-Instruct-AWQ',
      ms: 'qwen/Qwen2-VL-7B-Instruct-AWQ',
      size: '7B',
      codec: 'awq',
    },
    'qwen2-vl-72b': {
      hf: 'Qwen/Qwen2-VL-72B',
      ms: 'qwen/Qwen2-VL-72B',
      template: 'qwen2-vl-generation',
      size: '72B',
    },
    'qwen2-vl-72b-instruct': {
      hf: 'Qwen/Qwen2-VL-72B-Instruct',
      ms: 'qwen/Qwen2-VL-72B-Instruct',
      size: '72B',
    },
    'qwen2-vl-72b-instruct-gptq-int4': {
      hf: 'Qwen/Qwen2-VL-72B-Instruct-GPTQ-Int4',
      ms: 'qwen/Qwen2-VL-72B-Instruct-GPTQ-Int4',
      size: '72B',
      codec: 'gptq',
    },
    'qwen2-vl-72b-instruct-gptq-int8': {
      hf: 'Qwen/Qwen2-VL-72B-Instruct-GPTQ-Int8',
      ms: 'qwen/Qwen2-VL-72B-Instruct-GPTQ-Int8',
      size: '72B',
      codec: 'gptq',
    },
    'qwen2-vl-72b-instruct-awq': {
      hf: 'Qwen/Qwen2-VL-72B-Instruct-AWQ',
      ms: 'qwen/Qwen2-VL-72B-Instruct-AWQ',
      size: '72B',
      codec: 'awq',
    },
    'ui-tars-2b-sft': {
      hf: 'bytedance-research/UI-TARS-2B-SFT',
      ms: 'bytedance-research/UI-TARS-2B-SFT',
      size: '2B',
    },
    'ui-tars-7b-sft': {
      hf: 'bytedance-research/UI-TARS-7B-SFT',
      ms: 'bytedance-research/UI-TARS-7B-SFT',
      size: '7B',
    },
    'ui-tars-7b-dpo': {
      hf: 'bytedance-research/UI-TARS-7B-DPO',
      ms: 'bytedance-research/UI-TARS-7B-DPO',
      size: '7B',
    },
    'ui-tars-72b-sft': {
      hf: 'bytedance-research/UI-TARS-72B-SFT',
      ms: 'bytedance-research/UI-TARS-72B-SFT',
      size: '72B',
    },
    'ui-tars-72b-dpo': {
      hf: 'bytedance-research/UI-TARS-72B-DPO',
      ms: 'bytedance-research/UI-TARS-72B-DPO',
      size: '72B',
    },
    'olmocr-7b-0225-preview': {
      hf: 'allenai/olmOCR-7B-0225-preview',
      ms: 'allenai/olmOCR-7B-0225-preview',
      size: '7B',
    },
  },
})
export class Qwen2Vl extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    // Transformers 5 keeps the language model's fields apart.
    const { text_config: text = {}, ...whole } = config as Record<string, Config>;
    return super.build({ ...text, ...whole });
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    const rope = ropeFields(reader);
    const plain =
      rope.get('type') === 'mrope' && !rope.has('rope_type')
        ? reader.with({ rope_scaling: { ...rope.config, type: 'default' } })
        : reader;
    const defaults = { norm_eps: 1e-5, max_position_embeddings: 32_768, rope_theta: 1_000_000 };
    return {
      ...decoderTraits(plain, defaults),
      bias: { qkv: true, o: false, mlp: false },
      layer: lateWindows(plain),
      names: { model: 'model.language_model', tower: 'model.visual' },
    };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const sections = ropeFields(reader).numbers('mrope_section');
    const axes = sections.flatMap((count, axis) => new Array<number>(count).fill(axis));
    if (sections.length !== 3 || axes.length * 2 !== text.head_dim) {
      throw ropeFields(reader).error('mrope_section', `three numbers whose sum is ${text.head_dim / 2}`);
    }
    const vision = reader.nested('vision_config');
    const width = vision.count('embed_dim', 1280);
    const merge_size = vision.count('spatial_merge_size', 2);
    // Named so in the files of Qwen; elsewhere it is the language model's width.
    const out = vision.count('hidden_size', text.hidden_size);
    if (out !== text.hidden_size)
      throw vision.error('hidden_size', `${text.hidden_size}, the language model's`);
    return new MultimodalLM({
      text,
      tower: new PatchTower({
        width,
        merge_size,
        out,
        eps: 1e-6,
        intermediate_size: width * vision.number('mlp_ratio', 4),
        activation: ACTIVATIONS[vision.choice('hidden_act', Object.keys(ACTIVATIONS), 'quick_gelu')],
        heads: vision.count('num_heads', 16),
        layers: vision.count('depth', 32),
        patch_size: vision.count('patch_size', 14),
        temporal_patch_size: vision.count('temporal_patch_size', 2),
      }),
      roles: [
        ['model.visual', 'vit'],
        ['model.visual.merger', 'aligner'],
      ],
      mrope: { axes, merge_size },
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const vision = new ConfigReader(config).nested('vision_config');
    const reader = new ConfigReader(settings);
    const size = reader.nested('size');
    const same = (field: string, fallback: number, of = field): number => {
      const value = vision.count(of, fallback);
      reader.only(field, value);
      return value;
    };
    const image = new PatchImages({
      ...imageSteps(settings),
      patch_size: same('patch_size', 14),
      temporal_patch_size: same('temporal_patch_size', 2),
      merge_size: same('merge_size', 2, 'spatial_merge_size'),
      min_pixels: reader.count('min_pixels', size.count('shortest_edge', 56 * 56)),
      max_pixels: reader.count('max_pixels', size.count('longest_edge', 28 * 28 * 1280)),
      token: '<|image_pad|>',
      text: ({ features }) => `<|vision_start|>${'<|image_pad|>'.repeat(features)}<|vision_end|>`,
    });
    return { image, grounding: qwen2Grounding() };
  }
}
