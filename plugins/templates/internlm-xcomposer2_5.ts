import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { XCOMPOSER } from './_xcomposer.js';

const SYSTEM = `You are an AI assistant whose name is InternLM-XComposer (浦语·灵笔).
- InternLM-XComposer (浦语·灵笔) is a multi-modality conversational language model that is developed by Shanghai AI Laboratory (上海人工智能实验室). It is designed to be helpful, honest, and harmless.
- InternLM-XComposer (浦语·灵笔) can understand and communicate fluently in the language chosen by the user such as English and 中文.
- InternLM-XComposer (浦语·灵笔) is capable of comprehending and articulating responses effectively based on the provided image.`;

/** https://huggingface.co/internlm/internlm-xcomposer2d5-7b/blob/main/modeling_internlm_xcomposer2.py */
@template({
  id: 'internlm-xcomposer2_5',
  summary: 'Turns of InternLM-XComposer-2.5',
  also: {
    xcomposer2_5: 'Turns of InternLM-XComposer-2.5',
    'internlm-xcomposer2-4khd': 'Turns of InternLM-XComposer2-4KHD',
    xcomposer2_4khd: 'Turns of InternLM-XComposer2-4KHD',
  },
})
export class XComposer25 extends SpecTemplate {
  readonly spec: TemplateSpec = { ...XCOMPOSER, default_system: SYSTEM };
}
