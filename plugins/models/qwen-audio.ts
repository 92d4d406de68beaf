import {
  ACTIVATIONS,
  ConfigReader,
  MarkedAudioProjector,
  MultimodalLM,
  OPENAI_WHISPER,
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
import { FirstQwen } from './_qwen-first.js';
import { whisperMel } from './_whisper.js';

/** States of the encoder whose mean is a feature. */
const POOL = 2;

/** Where features stand, and the marks around them, for which the tokenizer has `<audio>` and `</audio>`. */
const TOKEN = '[[[AUDIO:modality]]]';

/** Qwen-Audio (Chu et al., 2023, arXiv 2311.07919): Whisper's encoder, one layer, Qwen. https://huggingface.co/Qwen/Qwen-Audio/blob/main/audio.py */
@model({
  family: 'qwen_audio',
  summary: 'Qwen-Audio: sounds of up to 30 seconds, on the first Qwen',
  architectures: [],
  same_architecture_as: 'qwen',
  told_by: 'audio',
  media: ['audio'],
  template: 'qwen-audio',
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen-audio': { hf: 'Qwen/Qwen-Audio', ms: 'qwen/Qwen-Audio', template: 'qwen-audio-generation' },
    'qwen-audio-chat': { hf: 'Qwen/Qwen-Audio-Chat', ms: 'qwen/Qwen-Audio-Chat' },
  },
})
export class QwenAudio extends FirstQwen implements ModelLoader {
  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const audio = reader.nested('audio');
    audio.only('avg_pool', true);
    audio.only('add_audio_bos_eos_token', true);
    audio.only('output_dim', text.hidden_size);
    const size = encoderSize(audio);
    const place = 'transformer.audio';
    const projector = new MarkedAudioProjector(size.width, text.hidden_size, {
      linear: 'proj',
      marks: 'audio_bos_eos_token.weight',
    });
    return new MultimodalLM({
      text,
      tower: new WhisperTower(new WhisperEncoder(size), projector, { audio: place, projector: place }),
      roles: [
        [`${place}.proj`, 'aligner'],
        [`${place}.audio_bos_eos_token`, 'aligner'],
        [place, 'vit'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const size = encoderSize(new ConfigReader(config).nested('audio'));
    return {
      audio: new WhisperSounds({
        ...whisperMel(settings, size),
        token: TOKEN,
        text: ({ features, index }) => `Audio ${index + 1}:${TOKEN.repeat(features)}\n`,
        least: 2 * POOL - 1,
        whole: false,
        cut: true,
      }),
    };
  }
}

function encoderSize(audio: ConfigReader): WhisperSize {
  const width = audio.count('n_state');
  return {
    pool: POOL,
    width,
    heads: audio.count('n_head'),
    layers: audio.count('n_layer'),
    intermediate_size: 4 * width,
    bands: audio.count('n_mels'),
    positions: audio.count('n_ctx'),
    eps: 1e-5,
    activation: ACTIVATIONS.gelu,
    names: OPENAI_WHISPER,
  };
}
