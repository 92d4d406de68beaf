import { layerNorm, mul, reshape, type Tensor } from 'swift-ts/graph';
import {
  DecoderLoader,
  Norm,
  Parameter,
  type ConfigReader,
  type DecoderTraits,
  type Scope,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { COHERE_FIELDS, cohereTraits } from './_cohere.js';
import { COHERES } from './_gguf/cohere.js';

/** A layer norm of each head's own features, with a weight for every feature of every head. */
class WeightedHeadNorm extends Norm {
  readonly weight: Parameter;

  constructor(
    private readonly heads: number,
    private readonly width: number,
    private readonly eps: number,
  ) {
    super();
    this.weight = new Parameter([heads, width]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const split = reshape(x, [...x.shape.slice(0, -1), this.heads, this.width]);
    return reshape(mul(layerNorm(split, {}, this.eps), scope.param(this.weight)), x.shape);
  }
}

/** Command R and Aya of Cohere: attention and feed-forward in parallel, scaled logits. */
@model({
  family: 'cohere',
  summary: 'Command R and Aya of Cohere: attention and feed-forward in parallel, scaled logits',
  architectures: ['CohereForCausalLM'],
  model_types: ['cohere'],
  gguf: { 'command-r': COHERES['command-r'] },
  template: 'c4ai',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'c4ai-command-r-plus': { hf: 'CohereForAI/c4ai-command-r-plus', ms: 'AI-ModelScope/c4ai-command-r-plus' },
    'c4ai-command-r-v01': { hf: 'CohereForAI/c4ai-command-r-v01', ms: 'AI-ModelScope/c4ai-command-r-v01' },
    'aya-expanse-8b': {
      hf: 'CohereForAI/aya-expanse-8b',
      ms: 'AI-ModelScope/aya-expanse-8b',
      template: 'aya',
      size: '8B',
    },
    'aya-expanse-32b': {
      hf: 'CohereForAI/aya-expanse-32b',
      ms: 'AI-ModelScope/aya-expanse-32b',
      template: 'aya',
      size: '32B',
    },
  },
})
export class Cohere extends DecoderLoader implements ModelLoader {
  protected override readonly fields = COHERE_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = cohereTraits(reader, 500_000);
    const { head_dim, norm_eps } = traits;
    return {
      ...traits,
      qk_norm: reader.flag('use_qk_norm')
        ? (heads) => new WeightedHeadNorm(heads, head_dim, norm_eps)
        : undefined,
    };
  }
}
