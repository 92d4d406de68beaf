import { dataset } from 'swift-ts/plugin';
import { Hc3 } from './_hc3.js';

/** https://huggingface.co/datasets/Hello-SimpleAI/HC3-Chinese. Subsets that end in `_cls` have the class as a label. */
@dataset({
  id: 'hc3-zh',
  summary: "People's answers and ChatGPT's to the same questions, to be told apart, Chinese",
  hf: 'Hello-SimpleAI/HC3-Chinese',
  ms: 'simpleai/HC3-Chinese',
  subsets: ['baike', 'open_qa', 'nlpcc_dbqa', 'finance', 'medicine', 'law', 'psychology'],
  views: {
    baike_cls: 'baike',
    open_qa_cls: 'open_qa',
    nlpcc_dbqa_cls: 'nlpcc_dbqa',
    finance_cls: 'finance',
    medicine_cls: 'medicine',
    law_cls: 'law',
    psychology_cls: 'psychology',
  },
  tags: ['text-generation', 'classification'],
})
export class Hc3Zh extends Hc3 {}
