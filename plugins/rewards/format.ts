import { reward, type JudgedAnswer, type Reward } from 'swift-ts/plugin';

/** 1 for an answer that is thoughts and then an answer, each in its tags, and nothing else; else 0 (DeepSeek-R1, arXiv 2501.12948). */
@reward({ id: 'format', summary: 'whether an answer is <think>…</think> and then <answer>…</answer>' })
export class FormatReward implements Reward {
  score(answers: readonly JudgedAnswer[]): number[] {
    return answers.map(({ text }) => Number(/^<think>.*?<\/think>\s*<answer>.*?<\/answer>$/s.test(text)));
  }
}
