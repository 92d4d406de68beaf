import { dataset } from 'swift-ts/plugin';
import { Hc3 } from './_hc3.js';

/** https://huggingface.co/datasets/Hello-SimpleAI/HC3. Subsets that end in `_cls` have the class as a label. */
@dataset({
  id: 'hc3-en',
  summary: "People's answers and ChatGPT's to the same questions, to be told apart",
  hf: 'Hello-SimpleAI/HC3',
  ms: 'simpleai/HC3',
  subsets: ['finance', 'medicine'],
  views: { finance_cls: 'finance', medicine_cls: 'medicine' },
  tags: ['text-generation', 'classification'],
})
export class Hc3En extends Hc3 {}
