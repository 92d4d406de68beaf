/** Transformers that see, as several families' configs name them. */
import { ACTIVATIONS, GatedMlp, Vit, type ConfigReader, type RolePrefix, type VitSize } from 'swift-ts/nn';

type Activation = (typeof ACTIVATIONS)[string];

/** Where transformer and projector lie as Transformers has them in memory. */
export const HF_TOWER = { vision: 'model.vision_tower', connector: 'model.multi_modal_projector' };

/** Roles of these. */
export const HF_ROLES: readonly RolePrefix[] = [
  ['model.vision_tower', 'vit'],
  ['model.multi_modal_projector', 'aligner'],
];

/** Before Transformers 4.52, and in all files that it saves; CLIP's own name in front of its parts went with Transformers 5. */
export const HF_FORMER_NAMES = [
  [/^(model\.)?vision_tower\.(vision_model\.)?/, 'model.vision_tower.'],
  [/^(model\.)?multi_modal_projector\./, 'model.multi_modal_projector.'],
  [/^(model\.)?image_newline$/, 'model.image_newline'],
  [/^language_model\.lm_head\./, 'lm_head.'],
  [/^language_model\.model\./, 'model.language_model.'],
] as const;

/** A field that names an activation. */
export function activationOf(reader: ConfigReader, field: string, fallback: string): Activation {
  return ACTIVATIONS[reader.choice(field, Object.keys(ACTIVATIONS), fallback)];
}

/** How many blocks run so that states before block `field`, counted from the last where it is negative, are what is taken. */
export function usedLayers(reader: ConfigReader, field: string, fallback: number, layers: number): number {
  const wanted = reader.number(field, fallback);
  const used = wanted < 0 ? layers + 1 + wanted : wanted;
  if (!Number.isInteger(wanted) || used < 1 || used > layers)
    throw reader.error(field, `a whole number from ${-layers} to ${layers}, but 0`);
  return used;
}

interface Taken {
  /** Blocks that run; all when absent. */
  readonly used_layers?: number;
  /** Whether the last norm is part of what is taken. */
  readonly normed: boolean;
  /** Where pictures have sizes of their own. */
  readonly positions?: VitSize['positions'];
}

/** `CLIPVisionConfig`. */
export function clipVit(clip: ConfigReader, taken: Taken & { readonly keeps_class: boolean }): Vit {
  clip.only('model_type', 'clip_vision_model');
  return new Vit({
    ...sizes(clip, { hidden_size: 768, intermediate_size: 3072, layers: 12, heads: 12, patch_size: 32 }),
    eps: clip.number('layer_norm_eps', 1e-5),
    activation: activationOf(clip, 'hidden_act', 'quick_gelu'),
    class_token: true,
    patch_bias: false,
    pre_norm: true,
    post_norm: true,
    fused: false,
    names: { own: { ...EMBEDDINGS, pre_norm: 'pre_layrnorm' }, block: BLOCK },
    ...taken,
  });
}

const SIGLIP: Defaults = {
  hidden_size: 768,
  intermediate_size: 3072,
  layers: 12,
  heads: 12,
  patch_size: 16,
};

/** `SiglipVisionConfig`, and those that are like it. */
export function siglipVit(
  siglip: ConfigReader,
  taken: Taken,
  model_type = 'siglip_vision_model',
  defaults = SIGLIP,
): Vit {
  siglip.only('model_type', model_type);
  return new Vit({
    ...sizes(siglip, defaults),
    eps: siglip.number('layer_norm_eps', 1e-6),
    activation: activationOf(siglip, 'hidden_act', 'gelu_pytorch_tanh'),
    class_token: false,
    keeps_class: false,
    patch_bias: true,
    pre_norm: false,
    post_norm: true,
    fused: false,
    names: { own: EMBEDDINGS, block: BLOCK },
    ...taken,
  });
}

const AIMV2: Defaults = {
  hidden_size: 1024,
  intermediate_size: 2816,
  layers: 24,
  heads: 8,
  patch_size: 14,
};

/** AIMv2 (Fini et al., 2024, arXiv 2411.14402), in the layout of its authors, which SAIL-ViT has too. */
export function aimv2Vit(aim: ConfigReader, taken: Taken): Vit {
  aim.choice('model_type', ['aimv2', 'aimv2_vision_model', 'sailvit']);
  const size = sizes(aim, AIMV2);
  const { width, intermediate_size } = size;
  const bias = aim.flag('use_bias');
  const names = { gate_proj: 'fc1', up_proj: 'fc3', down_proj: 'fc2' };
  const gated = { hidden_size: width, intermediate_size, activation: ACTIVATIONS.silu, bias, names };
  return new Vit({
    ...size,
    eps: aim.number('rms_norm_eps', 1e-5),
    activation: ACTIVATIONS.silu,
    norm: 'rms',
    mlp: () => new GatedMlp(gated),
    class_token: false,
    keeps_class: false,
    patch_bias: true,
    patch_norm: true,
    pre_norm: false,
    post_norm: true,
    batched_tables: true,
    fused: true,
    qkv_bias: aim.flag('qkv_bias'),
    out_bias: bias,
    names: {
      own: {
        patch_embedding: 'preprocessor.patchifier.proj',
        patch_norm: 'preprocessor.patchifier.norm',
        position_embedding: 'preprocessor.pos_embed',
        layers: 'trunk.blocks',
        post_norm: 'trunk.post_trunk_norm',
      },
      block: { norm1: 'norm_1', norm2: 'norm_2' },
    },
    ...taken,
  });
}

/** Sizes of SigLIP-so400m. */
export const SO400M = { width: 1152, intermediate_size: 4304, layers: 27, heads: 16, patch_size: 14 };

/** SigLIP with its last norm, its parts named as timm does (https://github.com/huggingface/pytorch-image-models). */
export function timmVit(
  size: Pick<VitSize, 'width' | 'intermediate_size' | 'layers' | 'heads' | 'image_size' | 'patch_size'> &
    Partial<VitSize>,
): Vit {
  return new Vit({
    eps: 1e-6,
    activation: ACTIVATIONS.gelu,
    class_token: false,
    keeps_class: false,
    patch_bias: true,
    pre_norm: false,
    post_norm: true,
    normed: true,
    batched_tables: true,
    fused: true,
    names: {
      own: {
        patch_embedding: 'patch_embed.proj',
        position_embedding: 'pos_embed',
        layers: 'blocks',
        post_norm: 'norm',
      },
      block: {},
    },
    ...size,
  });
}

const EMBEDDINGS = {
  class_embedding: 'embeddings.class_embedding',
  patch_embedding: 'embeddings.patch_embedding',
  position_embedding: 'embeddings.position_embedding.weight',
  layers: 'encoder.layers',
  post_norm: 'post_layernorm',
};
const BLOCK = { norm1: 'layer_norm1', norm2: 'layer_norm2', attn: 'self_attn' };

/** How a tile is cut. */
export interface Patches {
  readonly image_size: number;
  readonly patch_size: number;
}

export interface Defaults {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly layers: number;
  readonly heads: number;
  readonly patch_size: number;
}

function sizes(reader: ConfigReader, defaults: Defaults) {
  const image_size = reader.count('image_size', 224);
  const patch_size = reader.count('patch_size', defaults.patch_size);
  if (image_size < patch_size) throw reader.error('image_size', `at least ${patch_size}, a patch`);
  reader.only('num_channels', 3);
  return {
    width: reader.count('hidden_size', defaults.hidden_size),
    intermediate_size: reader.count('intermediate_size', defaults.intermediate_size),
    layers: reader.count('num_hidden_layers', defaults.layers),
    heads: reader.count('num_attention_heads', defaults.heads),
    image_size,
    patch_size,
  };
}
