import { agent } from 'swift-ts/plugin';
import { DsmlAgent } from './_dsml.js';

/** https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash */
@agent({ id: 'deepseek_v4', summary: 'Tags of DeepSeek-V4: <｜DSML｜invoke>, <｜DSML｜parameter>' })
export class DeepseekV4Agent extends DsmlAgent {
  constructor() {
    super('｜DSML｜', 'tool_calls', '');
  }
}
