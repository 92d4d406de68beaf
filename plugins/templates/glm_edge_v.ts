import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/zai-org/glm-edge-v-2b/blob/main/tokenizer_config.json */
@template({ id: 'glm_edge_v', agent: 'chatglm4', summary: '<|user|> turns of GLM-Edge-V' })
export class GlmEdgeV extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<|system|>\n{{SYSTEM}}\n'],
    prompt: ['<|user|>\n{{QUERY}}\n<|assistant|>\n'],
    chat_sep: ['\n'],
    suffix: ['<|endoftext|>'],
    auto_add_bos: true,
    stop_words: ['<|user|>', '<|observation|>'],
  };
}
