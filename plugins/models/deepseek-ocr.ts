import {
  ACTIVATIONS,
  ClipLook,
  ConfigReader,
  DeepTower,
  MultimodalLM,
  ORIGINAL_SAM,
  QueryLook,
  ViewRows,
  type Config,
} from 'swift-ts/nn';
import {
  CropImages,
  HALF_NORMALIZATION,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { DEEPSEEK_VL2_GROUNDING } from './_grounding.js';
import { imageSteps } from './_image-settings.js';
import { samEncoder } from './_sam.js';
import { textTraits } from './_text.js';

const TOKEN = '<image>';

/** DeepSeek-OCR (Wei et al., 2025, arXiv 2510.18234) and DeepSeek-OCR 2. */
@model({
  family: 'deepseek_ocr',
  summary:
    "DeepSeek-OCR 1 and 2: Segment Anything's encoder over pages and tiles, then CLIP or learned queries",
  architectures: ['DeepseekOCRForCausalLM', 'DeepseekOCR2ForCausalLM'],
  model_types: [],
  media: ['image'],
  template: 'deepseek_ocr',
  // CLIP's own patches, and a buffer.
  ignored_tensors: [/^model\.vision_model\.embeddings\.(patch_embedding\.|position_ids$)/],
  lora_target_modules: ['all-linear'],
  variants: {
    'deepseek-ocr': { hf: 'deepseek-ai/DeepSeek-OCR', ms: 'deepseek-ai/DeepSeek-OCR' },
    'deepseek-ocr-2': {
      hf: 'deepseek-ai/DeepSeek-OCR-2',
      ms: 'deepseek-ai/DeepSeek-OCR-2',
      template: 'deepseek_ocr2',
    },
  },
})
export class DeepseekOcr implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    reader.only('tile_tag', '2D');
    reader.only('global_view_pos', 'head');
    const text = textTraits(
      { ...reader.nested('language_config').config, model_type: 'deepseek_v2' },
      { model: 'model' },
    );
    const { hidden_size } = text;
    const sizes = pageSizes(reader);
    const fields = reader.nested('vision_config').nested('width').nested('sam_vit_b');
    const sam = samEncoder(
      new ConfigReader({
        ...fields.config,
        hidden_size: fields.count('width', 768),
        num_hidden_layers: fields.count('layers', 12),
        num_attention_heads: fields.count('heads', 12),
        image_size: sizes.whole,
      }),
      ORIGINAL_SAM,
    );
    const { second, place } = isSecond(reader)
      ? { second: queryLook(reader, sizes, sam.size.patch_size), place: 'model.qwen2_model' }
      : { second: clipLook(reader), place: 'model.vision_model' };
    const projector = reader.nested('projector_config');
    projector.only('projector_type', 'linear');
    projector.only('input_dim', second.width);
    projector.only('n_embed', hidden_size);
    const side = (size: number): number => Math.ceil(size / sam.size.patch_size / 4);
    const after = new ViewRows({
      width: hidden_size,
      side: side(sizes.whole),
      tile_side: side(sizes.tile),
      order: ['tiles', 'whole', 'between'],
      names: {
        between: 'model.view_seperator',
        ...(!isSecond(reader) && { line: 'model.image_newline' }),
      },
    });
    const [middle] = fields.has('downsample_channels') ? fields.numbers('downsample_channels') : [512];
    const names = {
      sam: 'model.sam_model',
      conv1: 'model.sam_model.net_2',
      conv2: 'model.sam_model.net_3',
      second: place,
      linear: 'model.projector.layers',
      after: '',
    };
    return new MultimodalLM({
      text,
      tower: new DeepTower({ sam, second, after, middle, tile_size: sizes.tile, hidden_size, names }),
      roles: [
        [names.sam, 'vit'],
        [place, 'vit'],
        ['model.projector', 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const given = new ConfigReader(settings);
    const steps = imageSteps(settings, HALF_NORMALIZATION);
    const { whole, tile } = pageSizes(reader);
    const image = new CropImages({
      ...steps,
      size: whole,
      tile_size: tile,
      min_tiles: given.count('min_patches', 2),
      max_tiles: given.count('max_patches', isSecond(reader) ? 6 : 9),
      background: steps.mean.map((value) => Math.trunc(value * 255)),
      token: TOKEN,
      text: ({ features }) => `${TOKEN.repeat(features)}\n`,
    });
    return { image, grounding: DEEPSEEK_VL2_GROUNDING };
  }
}

const isSecond = (reader: ConfigReader): boolean =>
  reader.nested('vision_config').choice('model_name', ['deeplip_b_l', 'deepencoderv2'], 'deeplip_b_l') ===
  'deepencoderv2';

/** Sides in pixels of a page and of its tiles; the authors' code has the latter as a constant. */
function pageSizes(reader: ConfigReader): { readonly whole: number; readonly tile: number } {
  const vision = reader.nested('vision_config');
  return {
    whole: vision.count('image_size', 1024),
    tile: vision.count('tile_size', isSecond(reader) ? 768 : 640),
  };
}

function clipLook(reader: ConfigReader): ClipLook {
  const fields = reader.nested('vision_config').nested('width').nested('clip-l-14-224');
  const width = fields.count('width', 1024);
  return new ClipLook({
    width,
    intermediate_size: fields.count('intermediate_size', 4 * width),
    layers: fields.count('layers', 24),
    heads: fields.count('heads', 16),
    side: fields.count('image_size', 224) / fields.count('patch_size', 14),
    eps: 1e-5,
    activation: ACTIVATIONS.quick_gelu,
    names: {
      own: {
        class_embedding: 'embeddings.class_embedding',
        position_embedding: 'embeddings.position_embedding.weight',
        pre_norm: 'pre_layrnorm',
        layers: 'transformer.layers',
      },
      block: { norm1: 'layer_norm1', norm2: 'layer_norm2', attn: 'self_attn' },
      attention: { qkv: 'qkv_proj', proj: 'out_proj' },
    },
  });
}

/** Qwen2-0.5B's sizes, of which the config names the width. */
function queryLook(
  reader: ConfigReader,
  { whole, tile }: ReturnType<typeof pageSizes>,
  patch: number,
): QueryLook {
  const fields = reader.nested('vision_config').nested('width').nested('qwen2-0-5b');
  const places = (size: number): number => Math.ceil(size / patch / 4) ** 2;
  return new QueryLook({
    width: fields.count('dim', 896),
    intermediate_size: fields.count('intermediate_size', 4864),
    layers: fields.count('layers', 24),
    heads: fields.count('heads', 14),
    kv_heads: fields.count('kv_heads', 2),
    eps: 1e-6,
    theta: 1_000_000,
    activation: ACTIVATIONS.silu,
    tile_places: places(tile),
    whole_places: places(whole),
    names: {
      own: {
        layers: 'model.model.layers',
        norm: 'model.model.norm',
        tile_queries: 'query_768.weight',
        whole_queries: 'query_1024.weight',
      },
      block: { norm1: 'input_layernorm', norm2: 'post_attention_layernorm', attn: 'self_attn' },
      attention: { out_proj: 'o_proj' },
    },
  });
}
