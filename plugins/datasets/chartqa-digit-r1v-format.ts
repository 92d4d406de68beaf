import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/zyang39/chartqa_digit_r1v_format: image, problem and solution. */
@dataset({
  id: 'chartqa-digit-r1v-format',
  summary: 'Questions about charts whose answers are numbers',
  hf: 'zyang39/chartqa_digit_r1v_format',
  ms: 'AI-ModelScope/chartqa_digit_r1v_format',
  tags: ['grpo', 'vision'],
})
export class ChartQaDigitR1v extends AutoPreprocessor {}
