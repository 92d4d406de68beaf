import { dataset } from 'swift-ts/plugin';
import { Aishell1, AISHELL1_SOUND } from './_aishell1.js';

/** https://modelscope.cn/datasets/speech_asr/speech_asr_aishell1_trainsets */
@dataset({
  id: 'aishell1-zh',
  summary: '178 hours of Mandarin, read aloud, and what is said',
  ms: 'speech_asr/speech_asr_aishell1_trainsets',
  split: ['train', 'validation', 'test'],
  media: AISHELL1_SOUND,
  tags: ['chat', 'multi-modal', 'audio'],
})
export class Aishell1Zh extends Aishell1 {}
