import {
  ACTIVATIONS,
  ConfigReader,
  MultimodalLM,
  PlainMlp,
  TileResampler,
  TileTower,
  Vit,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  ClipImages,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { QWEN_VL_GROUNDING } from './_grounding.js';
import { imageSteps } from './_image-settings.js';
import { FirstQwen } from './_qwen-first.js';

/** Where features stand; its own code keeps the picture's path there. */
const TOKEN = '<imgpad>';

/** Width of the resampler's heads. */
const HEAD = 128;

const VIT_NAMES = {
  own: {
    patch_embedding: 'conv1',
    position_embedding: 'positional_embedding',
    pre_norm: 'ln_pre',
    layers: 'transformer.resblocks',
  },
  block: { norm1: 'ln_1', norm2: 'ln_2' },
  attention: { qkv: 'in_proj', proj: 'out_proj' },
};

/** The first half lies in a folder of its own. */
const RESAMPLER_NAMES = Object.fromEntries(
  ['query', 'pos_embed', 'kv_proj', 'attn', 'ln_q', 'ln_kv'].map((name) => [name, `attn_pool.${name}`]),
);

/** Qwen-VL (Bai et al., 2023, arXiv 2308.12966): OpenCLIP's ViT-bigG, 256 queries, Qwen. https://huggingface.co/Qwen/Qwen-VL/blob/main/visual.py */
@model({
  family: 'qwen_vl',
  summary: 'Qwen-VL: pictures as 256 features, on the first Qwen',
  architectures: [],
  same_architecture_as: 'qwen',
  told_by: 'visual',
  media: ['image'],
  template: 'qwen-vl',
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen-vl': { hf: 'Qwen/Qwen-VL', ms: 'qwen/Qwen-VL', template: 'qwen-vl-generation' },
    'qwen-vl-chat': { hf: 'Qwen/Qwen-VL-Chat', ms: 'qwen/Qwen-VL-Chat' },
    'qwen-vl-chat-int4': { hf: 'Qwen/Qwen-VL-Chat-Int4', ms: 'qwen/Qwen-VL-Chat-Int4', codec: 'gptq' },
  },
})
export class QwenVl extends FirstQwen implements ModelLoader {
  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const { hidden_size } = text;
    const visual = reader.nested('visual');
    visual.only('output_dim', hidden_size);
    const vision = visionTransformer(visual);
    const place = 'transformer.visual';
    const connector = new TileResampler(
      {
        queries: visual.count('n_queries', 256),
        width: vision.size.width,
        hidden_size,
        heads: Math.max(1, Math.floor(hidden_size / HEAD)),
        eps: vision.size.eps,
      },
      RESAMPLER_NAMES,
    );
    return new MultimodalLM({
      text,
      tower: new TileTower({ vision, connector, names: { vision: place, connector: place } }),
      roles: [
        [place, 'vit'],
        ...['attn_pool', 'ln_post', 'proj'].map((name) => [`${place}.${name}`, 'aligner'] as const),
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const side = new ConfigReader(config).nested('visual').count('image_size');
    const image = new ClipImages({
      ...imageSteps(settings),
      size: side,
      squash: true,
      crop: side,
      token: TOKEN,
      text: ({ features, index }) => `Picture ${index + 1}: <img>${TOKEN.repeat(features)}</img>\n`,
    });
    return { image, grounding: QWEN_VL_GROUNDING };
  }
}

function visionTransformer(visual: ConfigReader): Vit {
  const width = visual.count('width');
  const intermediate_size = Math.trunc(width * visual.number('mlp_ratio', 4));
  const activation = ACTIVATIONS.gelu;
  const names = { up_proj: 'c_fc', down_proj: 'c_proj' };
  return new Vit({
    width,
    heads: visual.count('heads'),
    layers: visual.count('layers'),
    intermediate_size,
    image_size: visual.count('image_size'),
    patch_size: visual.count('patch_size'),
    eps: 1e-6,
    activation,
    mlp: () => new PlainMlp({ hidden_size: width, intermediate_size, activation, bias: true, names }),
    class_token: false,
    patch_bias: false,
    pre_norm: true,
    post_norm: false,
    normed: false,
    keeps_class: false,
    fused: true,
    qkv: 'grouped',
    table_side: 16,
    names: VIT_NAMES,
  });
}
