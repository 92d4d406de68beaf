import { reward, type JudgedAnswer, type Reward } from 'swift-ts/plugin';

/** 1 for an answer that is thoughts in their tags, and then an action with its input (ReAct); else 0. */
@reward({ id: 'react_format', summary: 'whether an answer is <think>…</think>, Action: and Action Input:' })
export class ReactFormatReward implements Reward {
  score(answers: readonly JudgedAnswer[]): number[] {
    return answers.map(({ text }) =>
      Number(/^<think>.*?<\/think>\s*Action:.*?Action Input:.*?$/s.test(text)),
    );
  }
}
