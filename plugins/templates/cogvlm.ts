import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/THUDM/cogvlm-chat-hf/blob/main/modeling_cogvlm.py */
@template({
  id: 'cogvlm',
  summary: 'Question: and Answer: of CogVLM',
  also: {
    cogvlm2: 'Question: and Answer: of CogVLM2',
    'cogvlm2-video': 'Question: and Answer: of CogVLM2-Video',
    cogvlm2_video: 'Question: and Answer: of CogVLM2-Video',
  },
})
export class CogVlm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [['bos_token_id']],
    system_prefix: null,
    prompt: ['Question: {{QUERY}} Answer:'],
    chat_sep: ['\n'],
    suffix: [['eos_token_id']],
  };
}
