import {
  ConfigReader,
  DecoderLoader,
  decoderTraits,
  type DecoderTraits,
  type RopeScaling,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** BlueLM of vivo: Llama with a norm behind the embedding. */
@model({
  family: 'bluelm',
  summary: 'BlueLM of vivo: Llama with a norm behind the embedding',
  architectures: ['BlueLMForCausalLM'],
  model_types: ['BlueLM'],
  template: 'bluelm',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'bluelm-7b': {
      hf: 'vivo-ai/BlueLM-7B-Base',
      ms: 'vivo-ai/BlueLM-7B-Base',
      template: 'default-generation',
      size: '7B',
    },
    'bluelm-7b-32k': {
      hf: 'vivo-ai/BlueLM-7B-Base-32K',
      ms: 'vivo-ai/BlueLM-7B-Base-32K',
      template: 'default-generation',
      size: '7B',
    },
    'bluelm-7b-chat': { hf: 'vivo-ai/BlueLM-7B-Chat', ms: 'vivo-ai/BlueLM-7B-Chat', size: '7B' },
    'bluelm-7b-chat-32k': { hf: 'vivo-ai/BlueLM-7B-Chat-32K', ms: 'vivo-ai/BlueLM-7B-Chat-32K', size: '7B' },
  },
})
export class BlueLm extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const { rope_scaling, ...others } = reader.config;
    return {
      ...decoderTraits(new ConfigReader(others)),
      rope_scaling: rope_scaling ? mixedScaling(reader.nested('rope_scaling')) : undefined,
      embedding: { norm: reader.flag('use_stable_embedding') ? 'layer' : undefined },
      names: { embed_norm: 'embed_layer_norm' },
    };
  }
}

/** The 32K checkpoints', a kind of NTK scaling of which no other family has heard. */
function mixedScaling(fields: ConfigReader): RopeScaling {
  const type = fields.choice('type', ['ntkmixed']);
  return { type, factor: fields.number('factor'), power: fields.number('power') };
}
