import { SpecTemplate, template } from 'swift-ts/plugin';
import { MODELSCOPE_AGENT } from './_renamed.js';

/** The id that SWIFT 3 and later give modelscope-agent. */
@template({ id: 'modelscope_agent', summary: 'modelscope-agent under its later id' })
export class ModelscopeAgentRenamed extends SpecTemplate {
  readonly spec = MODELSCOPE_AGENT;
}
