import {
  ConfigReader,
  DecoderLoader,
  LinearAudioProjector,
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
import { qwen2Traits } from './_qwen.js';
import { whisperMel, whisperSize } from './_whisper.js';

/** Before Transformers 5, and in all files that it saves. */
const FORMER_NAMES = [
  [/^audio_tower\./, 'model.audio_tower.'],
  [/^multi_modal_projector\./, 'model.multi_modal_projector.'],
  [/^language_model\.lm_head\./, 'lm_head.'],
  [/^language_model\.model\./, 'model.language_model.'],
] as const;

/** What files leave out: Qwen2Config's own values. */
const QWEN2 = {
  hidden_size: 4096,
  intermediate_size: 22_016,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 32,
  max_position_embeddings: 32_768,
  vocab_size: 151_936,
};

/** In the template of base models sounds have no numbers. */
const GENERATION = 'qwen2-audio-generation';

/** States of the encoder whose mean is a feature. */
const POOL = 2;

/** Qwen2-Audio (Chu et al., 2024, arXiv 2407.10759): Whisper's encoder, one layer, Qwen. */
@model({
  family: 'qwen2_audio',
  summary: 'Qwen2-Audio: sounds of up to 30 seconds',
  architectures: ['Qwen2AudioForConditionalGeneration'],
  model_types: ['qwen2_audio'],
  media: ['audio'],
  template: 'qwen2-audio',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen2-audio-7b': {
      hf: 'Qwen/Qwen2-Audio-7B',
      ms: 'qwen/Qwen2-Audio-7B',
      template: GENERATION,
      size: '7B',
    },
    'qwen2-audio-7b-instruct': {
      hf: 'Qwen/Qwen2-Audio-7B-Instruct',
      ms: 'qwen/Qwen2-Audio-7B-Instruct',
      size: '7B',
    },
    // What hears in InternLM-XComposer-2.5-OmniLive (Zhang et al., 2024, arXiv 2412.09596).
    'internlm-xcomposer2d5-ol-7b:audio': {
      hf: 'internlm/internlm-xcomposer2d5-ol-7b:audio',
      ms: 'Shanghai_AI_Laboratory/internlm-xcomposer2d5-ol-7b:audio',
      template: 'qwen2_audio',
      size: '7B',
    },
  },
})
export class Qwen2Audio extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    const { text_config: text = {}, ...whole } = config as Record<string, Config>;
    new ConfigReader(text).only('model_type', 'qwen2');
    return super.build({ ...QWEN2, ...text, ...whole });
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...qwen2Traits(reader), names: { model: 'model.language_model', tower: '' } };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const size = whisperSize(audioFields(reader), POOL);
    const names = { audio: 'model.audio_tower', projector: 'model.multi_modal_projector' };
    return new MultimodalLM({
      text,
      tower: new WhisperTower(
        new WhisperEncoder(size),
        new LinearAudioProjector(size.width, text.hidden_size),
        names,
      ),
      roles: [
        [names.audio, 'vit'],
        [names.projector, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings, template: string): Processor {
    const size = whisperSize(audioFields(new ConfigReader(config)), POOL);
    return {
      audio: new WhisperSounds({
        ...whisperMel(settings, size),
        token: '<|AUDIO|>',
        text: ({ features, index }) =>
          `${template === GENERATION ? '' : `Audio ${index + 1}: `}<|audio_bos|>${'<|AUDIO|>'.repeat(features)}<|audio_eos|>\n`,
        least: 2 * POOL - 1,
        whole: false,
      }),
    };
  }
}

function audioFields(reader: ConfigReader): ConfigReader {
  const fields = reader.nested('audio_config');
  fields.only('model_type', 'qwen2_audio_encoder');
  return fields;
}
