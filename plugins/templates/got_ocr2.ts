import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/stepfun-ai/GOT-OCR2_0/blob/main/modeling_GOT.py, whose system prompt begins with blanks. */
@template({
  id: 'got_ocr2',
  summary: 'ChatML of GOT-OCR2',
  also: { got_ocr2_hf: 'ChatML of GOT-OCR2 as Transformers keeps it' },
})
export class GotOcr2 extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system:
      '        You should follow the instructions carefully and explain your answers in detail.',
  };
}
