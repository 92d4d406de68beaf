import { reward, type JudgedAnswer, type Reward } from 'swift-ts/plugin';
import { accuracies } from './_math-answer.js';

/**
 * 1 for an answer that comes to what the row says, else 0. The row says it in `solution`, `answer` or the answer it ends with; null
 * where that holds nothing that can be compared.
 */
@reward({ id: 'accuracy', summary: "whether an answer comes to the row's own, as mathematics" })
export class AccuracyReward implements Reward {
  score(answers: readonly JudgedAnswer[]): Promise<(number | null)[]> {
    return accuracies(answers);
  }
}
