import { agent } from 'swift-ts/plugin';
import { HyAgent } from './_hy.js';

/** https://huggingface.co/tencent/Hy3-preview/blob/main/chat_template.jinja */
@agent({ id: 'hy_v3_preview', summary: 'Tags of Hy3-preview: <tool_sep>, <arg_key>, <arg_value>' })
export class HyV3PreviewAgent extends HyAgent {
  constructor() {
    super('');
  }
}
