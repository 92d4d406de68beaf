import { agent } from 'swift-ts/plugin';
import { DsmlAgent } from './_dsml.js';

/** Those of DeepSeek-V4 with a space in each tag. */
@agent({ id: 'deepseek_v41', summary: 'Tags of DeepSeek-V4.1: <｜DSML｜ invoke>, <｜DSML｜ parameter>' })
export class DeepseekV41Agent extends DsmlAgent {
  constructor() {
    super('｜DSML｜ ', 'calls', '\n\n');
  }
}
