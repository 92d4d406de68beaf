import {
  DecoderLoader,
  GatedMlp,
  MultimodalLM,
  PatchTower,
  type Config,
  type ConfigReader,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  model,
  secondsBetween,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import {
  axesInTurn,
  formerMerger,
  FORMER_NAMES,
  patchSizes,
  qwenVlProcessor,
  qwenVlTraits,
  ROLES,
  sectionsOf,
  wholeVideo,
  withTextFields,
} from './_qwen-vl.js';
import { activationOf } from './_towers.js';

/** Qwen2.5-VL (Bai et al., 2025, arXiv 2502.13923) and models built on it. */
@model({
  family: 'qwen2_5_vl',
  summary: 'Qwen2.5-VL and models built on it: a tower that mostly attends within windows',
  architectures: ['Qwen2_5_VLForConditionalGeneration'],
  model_types: ['qwen2_5_vl'],
  media: ['image', 'video'],
  template: 'qwen2_5_vl',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen2.5-vl-3b-instruct': {
      hf: 'Qwen/Qwen2.5-VL-3B-Instruct',
      ms: 'Qwen/Qwen2.5-VL-3B-Instruct',
      size: '3B',
    },
    'qwen2.5-vl-7b-instruct': {
      hf: 'Qwen/Qwen2.5-VL-7B-Instruct',
      ms: 'Qwen/Qwen2.5-VL-7B-Instruct',
      size: '7B',
    },
    'qwen2.5-vl-32b-instruct': {
      hf: 'Qwen/Qwen2.5-VL-32B-Instruct',
      ms: 'Qwen/Qwen2.5-VL-32B-Instruct',
      size: '32B',
    },
    'qwen2.5-vl-72b-instruct': {
      hf: 'Qwen/Qwen2.5-VL-72B-Instruct',
      ms: 'Qwen/Qwen2.5-VL-72B-Instruct',
      size: '72B',
    },
    'qwen2.5-vl-3b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-VL-3B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-VL-3B-Instruct-AWQ',
      size: '3B',
      codec: 'awq',
    },
    'qwen2.5-vl-7b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-VL-7B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-VL-7B-Instruct-AWQ',
      size: '7B',
      codec: 'awq',
    },
    'qwen2.5-vl-32b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-VL-32B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-VL-32B-Instruct-AWQ',
      size: '32B',
      codec: 'awq',
    },
    'qwen2.5-vl-72b-instruct-awq': {
      hf: 'Qwen/Qwen2.5-VL-72B-Instruct-AWQ',
      ms: 'Qwen/Qwen2.5-VL-72B-Instruct-AWQ',
      size: '72B',
      codec: 'awq',
    },
    'mimo-vl-7b-sft': {
      hf: 'XiaomiMiMo/MiMo-VL-7B-SFT',
      ms: 'XiaomiMiMo/MiMo-VL-7B-SFT',
      template: 'mimo_vl',
      size: '7B',
    },
    'mimo-vl-7b-rl': {
      hf: 'XiaomiMiMo/MiMo-VL-7B-RL',
      ms: 'XiaomiMiMo/MiMo-VL-7B-RL',
      template: 'mimo_vl',
      size: '7B',
    },
  },
})
export class Qwen25Vl extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return qwenVlTraits(reader);
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const vision = reader.nested('vision_config');
    const sizes = patchSizes(vision);
    const { merge_size, patch_size } = sizes;
    const out = vision.count('out_hidden_size', 3584);
    if (out !== text.hidden_size)
      throw vision.error('out_hidden_size', `${text.hidden_size}, the language model's`);
    const side = Math.floor(vision.count('window_size', 112) / merge_size / patch_size);
    if (side < 1)
      throw vision.error('window_size', `at least ${merge_size * patch_size}, a square of patches`);
    const plain = {
      width: vision.count('hidden_size', 3584),
      intermediate_size: vision.count('intermediate_size', 3420),
      activation: activationOf(vision, 'hidden_act', 'silu'),
    };
    const tower = new PatchTower({
      ...sizes,
      ...plain,
      out,
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
    });
    const axes = axesInTurn(sectionsOf(reader, text));
    const mrope = { axes, merge_size, tokens_per_second: vision.number('tokens_per_second', 4) };
    return new MultimodalLM({ text, tower, roles: ROLES, mrope });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return qwenVlProcessor(config, settings, {
      video: { text: wholeVideo, seconds: secondsBetween },
      pixel_boxes: true,
    });
  }
}
