import { concat, slice, type Tensor } from 'swift-ts/graph';
import {
  DecoderLoader,
  decoderTraits,
  LayerNorm,
  Norm,
  type ConfigReader,
  type DecoderTraits,
  type Scope,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { GPTS } from './_gguf/gpt.js';

/** A layer norm for each head, each with a weight of its own. */
class NormPerHead extends Norm {
  readonly norms: readonly LayerNorm[];

  constructor(
    heads: number,
    private readonly width: number,
    eps: number,
  ) {
    super();
    this.norms = Array.from({ length: heads }, () => new LayerNorm(width, eps, { bias: false }));
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const { norms, width } = this;
    return concat(
      norms.map((norm, head) => norm.forward(scope, slice(x, -1, head * width, (head + 1) * width))),
      x.shape.length - 1,
    );
  }
}

/** StableLM and Stable Code: layer norms, a quarter of each head turns. */
@model({
  family: 'stablelm',
  summary: 'StableLM and Stable Code: layer norms, a quarter of each head turns',
  architectures: ['StableLmForCausalLM'],
  model_types: ['stablelm'],
  gguf: { stablelm: GPTS.stablelm },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'stablelm-3b-4e1t': { hf: 'stabilityai/stablelm-3b-4e1t', size: '3B' },
    'stablelm-2-1_6b': { hf: 'stabilityai/stablelm-2-1_6b', size: '1.6B' },
    'stablelm-2-12b': { hf: 'stabilityai/stablelm-2-12b', size: '12B' },
    'stable-code-3b': { hf: 'stabilityai/stable-code-3b', size: '3B' },
  },
})
export class StableLm extends DecoderLoader implements ModelLoader {
  protected override readonly fields = { rms_norm_eps: 'layer_norm_eps' };

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = decoderTraits(reader, {
      max_position_embeddings: 4096,
      num_key_value_heads: 32,
      norm_eps: 1e-5,
      partial_rotary_factor: 0.25,
    });
    const { head_dim, norm_eps } = traits;
    return {
      ...traits,
      bias: { qkv: reader.flag('use_qkv_bias'), o: false, mlp: false },
      norm: 'layer',
      placement: reader.flag('use_parallel_residual') ? 'parallel' : 'pre',
      qk_norm: reader.flag('qk_layernorm')
        ? (heads) => new NormPerHead(heads, head_dim, norm_eps)
        : undefined,
      names: { q_norm: 'q_layernorm', k_norm: 'k_layernorm' },
    };
  }
}
