import { SpecTemplate, template, type TemplateSpec } from 'swift-ts/plugin';

/** https://modelscope.cn/models/iic/ModelScope-Agent-7B */
@template({
  id: 'modelscope-agent',
  summary: '<|user|>: turns of ModelScope-Agent',
  also: { modelscope_agent: 'modelscope-agent under its later id' },
})
export class ModelscopeAgent extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: [' \n\n<|system|>:{{SYSTEM}}'],
    prompt: [' \n\n<|user|>:{{QUERY}} \n\n<|assistant|>:'],
    chat_sep: [],
    suffix: [' \n\n</s>'],
    default_system: 'You are a helpful assistant.',
  };
}
