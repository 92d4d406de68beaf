import { ACTIVATIONS, ConfigReader, MultimodalLM, PerceptionTower, PlainMlp, type Config } from 'swift-ts/nn';
import {
  CLIP_NORMALIZATION,
  model,
  WindowImages,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { imageSteps } from './_image-settings.js';
import { textTraits } from './_text.js';

const TOKEN = '<im_patch>';

/** Features of the whole of a picture, and of a window. */
const [WHOLE, PART] = [169, 81];

const NAMES = {
  own: {
    patch_embedding: 'vision_model.conv1',
    position_embedding: 'vision_model.positional_embedding',
    pre_norm: 'vision_model.ln_pre',
    layers: 'vision_model.transformer.resblocks',
    downsampler1: 'vision_model.vit_downsampler1',
    downsampler2: 'vision_model.vit_downsampler2',
    projector: 'vit_large_projector',
  },
  block: { norm1: 'ln_1', norm2: 'ln_2', scale1: 'ls_1.gamma', scale2: 'ls_2.gamma' },
};

/** Step3-VL (StepFun, 2026, arXiv 2601.09668). https://huggingface.co/stepfun-ai/Step3-VL-10B */
@model({
  family: 'step3_vl',
  summary: 'Step3-VL: a Perception Encoder over windows of a picture and the whole of it, and Qwen3',
  architectures: ['StepVLForConditionalGeneration'],
  media: ['image'],
  template: 'step3_vl',
  lora_target_modules: ['all-linear'],
  variants: {
    'step3-vl-10b-base': {
      hf: 'stepfun-ai/Step3-VL-10B-Base',
      ms: 'stepfun-ai/Step3-VL-10B-Base',
      size: '10B',
    },
    'step3-vl-10b': {
      hf: 'stepfun-ai/Step3-VL-10B',
      ms: 'stepfun-ai/Step3-VL-10B',
      size: '10B',
    },
  },
})
export class Step3Vl implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    reader.only('understand_projector_stride', 2);
    const text = textTraits(reader.nested('text_config').config, { model: 'model', head: '' });
    const vision = reader.nested('vision_config');
    vision.only('use_cls_token', false);
    vision.only('use_ln_pre', true);
    vision.only('use_ln_post', false);
    vision.only('use_abs_posemb', true);
    vision.only('use_rope2d', true);
    vision.only('hidden_act', 'quick_gelu');
    const width = vision.count('width', 1536);
    const intermediate_size = Math.trunc(width * vision.number('mlp_ratio', 8960 / 1536));
    const activation = ACTIVATIONS.quick_gelu;
    const names = { up_proj: 'c_fc', down_proj: 'c_proj' };
    const mlp = { hidden_size: width, intermediate_size, activation, bias: true, names };
    const tower = new PerceptionTower({
      ...sizesOf(reader),
      width,
      heads: vision.count('heads', 16),
      layers: vision.count('layers', 47),
      intermediate_size,
      eps: 1e-5,
      activation,
      layer_scale: true,
      mlp: () => new PlainMlp(mlp),
      hidden_size: text.hidden_size,
      projector_bias: reader.flag('projector_bias', false),
      names: NAMES,
    });
    return new MultimodalLM({
      text,
      tower,
      roles: [
        ['vision_model', 'vit'],
        ['vit_large_projector', 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const { whole_size, part_size } = sizesOf(reader);
    const whole = TOKEN.repeat(reader.count('image_token_len', WHOLE));
    const part = TOKEN.repeat(reader.count('patch_token_len', PART));
    const image = new WindowImages({
      ...imageSteps(settings, CLIP_NORMALIZATION),
      whole_size,
      part_size,
      token: TOKEN,
      text: ({ grid: [parts, , columns] }) => {
        const windows = Array.from({ length: parts }, (_, i) => {
          const ends = (i + 1) % columns === 0 && i + 1 < parts;
          return `<patch_start>${part}<patch_end>${ends ? '<patch_newline>' : ''}`;
        });
        return `${windows.join('')}<im_start>${whole}<im_end>`;
      },
    });
    return { image };
  }
}

/** Sides of patches, and of what is seen of a picture: each feature is of four patches on a side. */
function sizesOf(reader: ConfigReader) {
  const vision = reader.nested('vision_config');
  const patch_size = vision.count('patch_size', 14);
  const side = (field: string, fallback: number): number =>
    4 * patch_size * Math.floor(Math.sqrt(reader.count(field, fallback)));
  const [whole_size, part_size] = [side('image_token_len', WHOLE), side('patch_token_len', PART)];
  vision.only('image_size', whole_size);
  return { patch_size, whole_size, part_size };
}
