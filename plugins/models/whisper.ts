import {
  ConfigReader,
  DecoderLoader,
  decoderTraits,
  MultimodalLM,
  WhisperEncoder,
  WhisperTower,
  type Config,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  model,
  WhisperSounds,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { whisperMel, whisperSize } from './_whisper.js';

/** What files leave out: WhisperConfig's own values. */
const DEFAULTS = {
  vocab_size: 51_865,
  num_mel_bins: 80,
  d_model: 384,
  encoder_layers: 4,
  encoder_attention_heads: 6,
  encoder_ffn_dim: 1536,
  decoder_layers: 4,
  decoder_attention_heads: 6,
  decoder_ffn_dim: 1536,
  max_target_positions: 448,
};

/** Stands where a sound does. */
const START = '<|startoftranscript|>';

/** Whisper (Radford et al., 2022, arXiv 2212.04356): an encoder of sound, and a decoder that looks at it in every layer. */
@model({
  family: 'whisper',
  summary: 'Whisper: speech of up to 30 seconds to text (SWIFT has no such ids)',
  architectures: ['WhisperForConditionalGeneration'],
  model_types: ['whisper'],
  media: ['audio'],
  template: 'whisper',
  lora_target_modules: ['all-linear'],
  variants: {
    'whisper-tiny': { hf: 'openai/whisper-tiny', ms: 'openai-mirror/whisper-tiny' },
    'whisper-base': { hf: 'openai/whisper-base', ms: 'openai-mirror/whisper-base' },
    'whisper-small': { hf: 'openai/whisper-small', ms: 'openai-mirror/whisper-small' },
    'whisper-medium': { hf: 'openai/whisper-medium', ms: 'openai-mirror/whisper-medium' },
    'whisper-large-v3': { hf: 'openai/whisper-large-v3', ms: 'openai-mirror/whisper-large-v3' },
    'whisper-large-v3-turbo': {
      hf: 'openai/whisper-large-v3-turbo',
      ms: 'openai-mirror/whisper-large-v3-turbo',
    },
  },
})
export class Whisper extends DecoderLoader implements ModelLoader {
  protected override readonly fields = {
    hidden_size: 'd_model',
    num_hidden_layers: 'decoder_layers',
    num_attention_heads: 'decoder_attention_heads',
    intermediate_size: 'decoder_ffn_dim',
    max_position_embeddings: 'max_target_positions',
    hidden_act: 'activation_function',
  };

  override build(config: Config): Decoder {
    return super.build({ ...DEFAULTS, ...config });
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('decoder_layerdrop', 0);
    reader.only('apply_spec_augment', false);
    const traits = decoderTraits(reader, {
      norm_eps: 1e-5,
      activation: 'gelu',
      tie_word_embeddings: true,
    });
    return {
      ...traits,
      norm: 'layer',
      mlp: 'plain',
      bias: { qkv: true, key: false, o: true, mlp: true },
      crosses: 'every',
      embedding: { positions: traits.max_position_embeddings },
      names: {
        model: 'model.decoder',
        tower: '',
        lm_head: 'proj_out',
        norm: 'layer_norm',
        input_layernorm: 'self_attn_layer_norm',
        cross_layernorm: 'encoder_attn_layer_norm',
        cross_attn: 'encoder_attn',
        o_proj: 'out_proj',
        post_attention_layernorm: 'final_layer_norm',
        mlp: '',
        up_proj: 'fc1',
        down_proj: 'fc2',
      },
    };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const audio = 'model.encoder';
    const encoder = new WhisperEncoder(whisperSize(reader, 1));
    return new MultimodalLM({
      text,
      tower: new WhisperTower(encoder, undefined, { audio }),
      roles: [[audio, 'vit']],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const size = whisperSize(new ConfigReader({ ...DEFAULTS, ...config }), 1);
    return {
      audio: new WhisperSounds({
        ...whisperMel(settings, size),
        token: START,
        text: () => START,
        least: 1,
        whole: true,
        refuses_longer: true,
      }),
      holds: 'alone',
    };
  }
}
