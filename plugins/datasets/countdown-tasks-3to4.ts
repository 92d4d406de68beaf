import { dataset } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { asked } from './_question.js';

/** https://modelscope.cn/datasets/zouxuhong/Countdown-Tasks-3to4: three or four numbers and the one to make of them; rewards look at `nums` and `target`. */
@dataset({
  id: 'countdown-tasks-3to4',
  summary: '490,364 puzzles: make a number of three or four others',
  ms: 'zouxuhong/Countdown-Tasks-3to4',
  tags: ['math'],
})
export class CountdownTasks implements Preprocessor {
  toRow({ nums, target }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const numbers = Array.isArray(nums) ? `[${nums.map(String).join(', ')}]` : nums;
    const query =
      `Using the numbers ${String(numbers)}, create an equation that equals ${String(target)}.\n` +
      'You can use basic arithmetic operations (+, -, *, /) and each number can only be used once.\n' +
      'Show your work in <think> </think> tags. And return the final equation and answer in <answer> </answer> tags, ' +
      'for example <answer> (1 + 2) / 3 * 4 = 4 </answer>.';
    return asked(query, context);
  }
}
