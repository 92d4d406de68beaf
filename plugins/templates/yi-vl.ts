import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://github.com/01-ai/Yi/blob/main/VL/llava/conversation.py */
@template({
  id: 'yi-vl',
  summary: '### Human: and ### Assistant: of Yi-VL',
  also: { yi_vl: 'yi-vl under its later id' },
})
export class YiVl extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}\n\n'],
    prompt: ['### Human: {{QUERY}}\n### Assistant:'],
    chat_sep: ['\n'],
    suffix: ['\n', '###'],
    default_system:
      "This is a chat between an inquisitive human and an AI assistant. Assume the role of the AI assistant. Read all the images carefully, and respond to the human's questions with informative, helpful, detailed and polite answers. 这是一个好奇的人类和一个人工智能助手之间的对话。假设你扮演这个AI助手的角色。仔细阅读所有的图像，并对人类的问题做出信息丰富、有帮助、详细的和礼貌的回答。",
  };
}
