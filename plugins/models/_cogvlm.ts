/** What CogVLM, CogVLM2 and CogVLM2-Video share. */
import {
  ACTIVATIONS,
  Attention,
  decoderTraits,
  GatedMlp,
  MultimodalLM,
  TwinLinear,
  TwinMlp,
  type ConfigReader,
  type DecoderTraits,
  type Names,
} from 'swift-ts/nn';
import { evaRoles, evaTower } from './_eva-clip.js';

/** Keys and values are shared in CogVLM2 alone. */
export const COGVLM_FIELDS = { num_key_value_heads: 'num_multi_query_heads' };

/** Vicuna, or, from the second generation on, Llama 3. */
export const isSecond = (reader: ConfigReader): boolean => reader.has('num_multi_query_heads');

/** The token that pads: it stands where pictures do. */
export const paddingToken = (reader: ConfigReader): string =>
  isSecond(reader) ? '<|reserved_special_token_0|>' : '<unk>';

/** The language model without experts, but for names. */
export function cogvlmTraits(reader: ConfigReader): DecoderTraits {
  const rope_theta = isSecond(reader) ? 500_000 : 10_000;
  return {
    ...decoderTraits(reader, { norm_eps: 1e-5, rope_theta }),
    qkv: 'concat',
    names: { tower: '' },
  };
}

/** @param conv whether squares of what the tower sees become one feature */
export function cogvlmModel(
  text: DecoderTraits,
  reader: ConfigReader,
  { conv }: { readonly conv: boolean },
): MultimodalLM {
  const { hidden_size, intermediate_size } = text;
  const width = reader.nested('vision_config').count('hidden_size', 1792);
  const place = 'model.vision';
  return new MultimodalLM({
    text,
    tower: evaTower(reader, place, { hidden_size, intermediate_size, ...(conv && { conv: width }) }),
    roles: evaRoles(place),
    shared_positions: true,
  });
}

/** The same with layers of its own for features, which work on all of these but the mark that ends them. */
export function withExperts(traits: DecoderTraits, { bias }: { readonly bias: boolean }): DecoderTraits {
  const { hidden_size, intermediate_size, activation = ACTIVATIONS.silu } = traits;
  const size = { hidden_size, intermediate_size, activation };
  return {
    ...traits,
    media_layers: 'but-last',
    mixer: (layer) => expertAttention(traits, layer, bias),
    feedForward: () =>
      new TwinMlp(new GatedMlp(size), new GatedMlp(size), { text: 'language_mlp', media: 'vision_mlp' }),
  };
}

const experts = (layer: string): Names => ({
  text: `language_expert_${layer}`,
  media: `vision_expert_${layer}`,
});

function expertAttention(traits: DecoderTraits, layer: number, bias: boolean): Attention {
  const { hidden_size, head_dim, num_attention_heads: heads, num_key_value_heads: kvHeads } = traits;
  const attention = new Attention(traits, layer);
  const all = (heads + 2 * kvHeads) * head_dim;
  const none = { text: false, media: false };
  attention.qkv_proj = new TwinLinear(
    hidden_size,
    all,
    { text: false, media: bias },
    experts('query_key_value'),
  );
  attention.o_proj = new TwinLinear(heads * head_dim, hidden_size, none, experts('dense'));
  attention.names = { qkv_proj: '', o_proj: '' };
  return attention;
}
