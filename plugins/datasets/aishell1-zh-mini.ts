import { dataset } from 'swift-ts/plugin';
import { Aishell1, AISHELL1_SOUND } from './_aishell1.js';

/** https://modelscope.cn/datasets/speech_asr/speech_asr_aishell1_trainsets */
@dataset({
  id: 'aishell1-zh-mini',
  summary: 'Mandarin, read aloud, and what is said: the validation and test splits',
  ms: 'speech_asr/speech_asr_aishell1_trainsets',
  split: ['validation', 'test'],
  media: AISHELL1_SOUND,
  tags: ['chat', 'multi-modal', 'audio'],
})
export class Aishell1ZhMini extends Aishell1 {}
