import {
  ACTIVATIONS,
  ConfigReader,
  decoderTraits,
  DecoderLoader,
  MultimodalLM,
  OPENAI_WHISPER,
  StackedAudioProjector,
  WhisperEncoder,
  WhisperTower,
  type Decoder,
  type DecoderTraits,
  type WhisperSize,
} from 'swift-ts/nn';
import {
  model,
  WhisperSounds,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { whisperMel } from './_whisper.js';

/** Stands where speech does; SWIFT puts −200 there, which is no token. Llama's tokenizer keeps it for such uses. */
const TOKEN = '<|reserved_special_token_0|>';

/**
 * LLaMA-Omni (Fang et al., 2024, arXiv 2409.06666): Whisper large-v3, two layers over five states, Llama 3.1. It answers in
 * text; the part that speaks these answers takes no part here.
 * https://github.com/ictnlp/LLaMA-Omni/tree/main/omni_speech/model
 */
@model({
  family: 'llama3_1_omni',
  summary: 'LLaMA-Omni: speech of up to 30 seconds, answers in text',
  architectures: ['OmniSpeech2SLlamaForCausalLM'],
  model_types: ['omni_speech2s_llama'],
  media: ['audio'],
  template: 'llama3_1_omni',
  ignored_tensors: [/^speech_generator\./],
  lora_target_modules: ['all-linear'],
  variants: {
    'llama-3.1-8b-omni': { hf: 'ICTNLP/Llama-3.1-8B-Omni', ms: 'ICTNLP/Llama-3.1-8B-Omni', size: '8B' },
  },
})
export class Llama31Omni extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...decoderTraits(reader), names: { tower: '' } };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const size = encoderSize(reader);
    reader.only('speech_projector_type', 'linear');
    const names = { audio: 'model.speech_encoder', projector: 'model.speech_projector' };
    const projector = new StackedAudioProjector(stacked(reader), {
      width: size.width,
      inner: reader.count('speech_projector_hidden_size', 2048),
      hidden_size: text.hidden_size,
    });
    return new MultimodalLM({
      text,
      tower: new WhisperTower(new WhisperEncoder(size), projector, names),
      roles: [
        [names.audio, 'vit'],
        [names.projector, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    return {
      audio: new WhisperSounds({
        ...whisperMel(settings, encoderSize(reader)),
        token: TOKEN,
        text: ({ features }) => TOKEN.repeat(features),
        least: 1,
        whole: true,
      }),
    };
  }
}

/** States that the projector stacks. */
const stacked = (reader: ConfigReader): number => reader.count('speech_encoder_ds_rate', 5);

/** Config.json tells the encoder's width alone, since its code reads the rest from OpenAI's file: that of large-v3 otherwise. */
function encoderSize(reader: ConfigReader): WhisperSize {
  reader.only('speech_encoder_type', 'whisper');
  reader.only('speech_normalize', false);
  const width = reader.count('speech_encoder_hidden_size', 1280);
  return {
    pool: 1,
    width,
    heads: reader.count('speech_encoder_attention_heads', width / 64),
    layers: reader.count('speech_encoder_layers', 32),
    intermediate_size: 4 * width,
    bands: reader.count('mel_size', 128),
    positions: reader.count('speech_encoder_positions', 1500),
    eps: 1e-5,
    activation: ACTIVATIONS.gelu,
    names: OPENAI_WHISPER,
  };
}
