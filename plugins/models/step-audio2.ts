import {
  ACTIVATIONS,
  chunkFeatures,
  ChunkTower,
  ConfigReader,
  HalvingProjector,
  MultimodalLM,
  OPENAI_WHISPER,
  WhisperEncoder,
  type Config,
  type WhisperSize,
} from 'swift-ts/nn';
import {
  ChunkSounds,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { textTraits } from './_text.js';

const TOKEN = '<audio_patch>';

/** Samples a second; seconds that are heard at once; samples of silence behind these. */
const RATE = 16_000;
const SECONDS = 25;
const SILENCE = 479;

/** Step-Audio 2 mini where it listens (Wu et al., 2025, arXiv 2507.16632): Whisper's encoder, Qwen2.5. It answers in text. https://huggingface.co/stepfun-ai/Step-Audio-2-mini */
@model({
  family: 'step_audio2_mini',
  summary: 'Step-Audio 2 mini: sounds in pieces of 25 seconds, answers in text',
  architectures: ['StepAudio2ForCausalLM'],
  model_types: ['step_audio_2'],
  media: ['audio'],
  template: 'step_audio2_mini',
  lora_target_modules: ['all-linear'],
  variants: {
    'step-audio-2-mini': { hf: 'stepfun-ai/Step-Audio-2-mini', ms: 'stepfun-ai/Step-Audio-2-mini' },
  },
})
export class StepAudio2 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(
      { ...reader.nested('text_config').config, model_type: 'qwen2' },
      { model: 'model' },
    );
    const audio = reader.nested('audio_encoder_config');
    audio.only('llm_dim', text.hidden_size);
    audio.only('kernel_size', 3);
    audio.only('adapter_stride', 2);
    const size = encoderSize(audio);
    const inner = audio.count('adapter_state', 2048);
    const projector = new HalvingProjector({ width: size.width, inner, hidden_size: text.hidden_size });
    return new MultimodalLM({
      text,
      tower: new ChunkTower(new WhisperEncoder(size), projector, { audio: 'encoder', projector: 'adapter' }),
      roles: [
        ['encoder', 'vit'],
        ['adapter', 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const size = encoderSize(new ConfigReader(config).nested('audio_encoder_config'));
    const seconds = new ConfigReader(settings).count('chunk_length', SECONDS);
    return {
      audio: new ChunkSounds({
        bands: size.bands,
        rate: RATE,
        hop: 160,
        window: 400,
        length: seconds * RATE,
        silence: SILENCE,
        // Two frames of silence, three of sound.
        least: 5,
        token: TOKEN,
        text: ({ grid }) =>
          grid.map((frames) => `<audio_start>${TOKEN.repeat(chunkFeatures(frames))}<audio_end>`).join(''),
      }),
    };
  }
}

function encoderSize(audio: ConfigReader): WhisperSize {
  const width = audio.count('n_audio_state', 512);
  return {
    pool: 2,
    ends: true,
    width,
    heads: audio.count('n_audio_head', 8),
    layers: audio.count('n_audio_layer', 6),
    intermediate_size: 4 * width,
    bands: audio.count('n_mels', 128),
    positions: audio.count('n_audio_ctx', 1500),
    eps: 1e-5,
    activation: ACTIVATIONS.gelu,
    names: {
      ...OPENAI_WHISPER,
      own: {
        ...OPENAI_WHISPER.own,
        embed_positions: 'positional_embedding.weight',
        layer_norm: 'after_norm',
      },
    },
  };
}
