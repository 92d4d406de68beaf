import { SpecTemplate, template } from 'swift-ts/plugin';
import { MODELSCOPE_AGENT } from './_renamed.js';

/** https://modelscope.cn/models/iic/ModelScope-Agent-7B */
@template({ id: 'modelscope-agent', summary: '<|user|>: turns of ModelScope-Agent' })
export class ModelscopeAgent extends SpecTemplate {
  readonly spec = MODELSCOPE_AGENT;
}
