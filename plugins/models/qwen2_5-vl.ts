import {
  DecoderLoader,
  MultimodalLM,
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
  FORMER_NAMES,
  patchSizes,
  qwenVlProcessor,
  qwenVlTraits,
  ROLES,
  sectionsOf,
  wholeVideo,
  withTextFields,
} from './_qwen-vl.js';
import { windowedTower } from './_qwen2_5-vl.js';

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
    const { merge_size } = patchSizes(vision);
    const tower = windowedTower(vision, text);
    const axes = axesInTurn(sectionsOf(reader, text));
    // In float32, as Transformers does: what is a whole number there decides.
    const each = vision.number('tokens_per_second', 4);
    const frame = (number: number, seconds: number): number =>
      Math.floor(Math.fround(number * Math.fround(each * Math.fround(seconds))));
    const mrope = { axes, merge_size, frame };
    return new MultimodalLM({ text, tower, roles: ROLES, mrope });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return qwenVlProcessor(config, settings, {
      video: { text: wholeVideo(), seconds: secondsBetween },
      pixel_boxes: true,
    });
  }
}
