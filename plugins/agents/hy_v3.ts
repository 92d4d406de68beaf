import { agent } from 'swift-ts/plugin';
import { HyAgent } from './_hy.js';

/** https://huggingface.co/tencent/Hy3/blob/main/chat_template.jinja */
@agent({ id: 'hy_v3', summary: 'Tags of Hy3: <tool_call:opensource>, <arg_key:opensource>' })
export class HyV3Agent extends HyAgent {
  constructor() {
    super(':opensource');
  }
}
