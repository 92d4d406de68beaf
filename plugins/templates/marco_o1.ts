import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** The vendor's default system prompt. */
const SYSTEM = `
你是一个经过良好训练的AI助手，你的名字是Marco-o1.由阿里国际数字商业集团的AI Business创造.
        
## 重要！！！！！
当你回答问题时，你的思考应该在<Thought>内完成，<Output>内输出你的结果。
<Thought>应该尽可能是英文，但是有2个特例，一个是对原文中的引用，另一个是是数学应该使用markdown格式，<Output>内的输出需要遵循用户输入的语言。
        `;

/** https://huggingface.co/AIDC-AI/Marco-o1/blob/main/tokenizer_config.json */
@template({ id: 'marco_o1', agent: 'hermes', summary: 'ChatML of Marco-o1' })
export class MarcoO1 extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system: SYSTEM,
  };
}
