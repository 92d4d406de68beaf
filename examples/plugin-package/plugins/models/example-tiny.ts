import { DecoderLoader } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** A Llama-shaped family: the base class reads its config.json, nothing differs. */
@model({
  family: 'example-tiny',
  summary: 'an example of a model in a package of its own',
  architectures: ['ExampleTinyForCausalLM'],
  template: 'chatml',
  lora_target_modules: ['q_proj', 'v_proj'],
  variants: { 'example-tiny': { hf: 'example/tiny' } },
})
export class ExampleTiny extends DecoderLoader implements ModelLoader {}
