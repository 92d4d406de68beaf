/** `completions.jsonl`: the answers of a run that its model gave, with what they were worth. */
import { join } from 'node:path';
import type { JudgedDraw } from './rollout-passes.js';
import type { RunObserver } from './observer.js';
import type { TrainerState } from './state.js';
import { StepLines } from './step-lines.js';

export class CompletionTable implements RunObserver {
  private readonly lines: StepLines;

  /** @param rewards ids of the reward functions, in their order */
  constructor(
    folder: string,
    private readonly rewards: readonly string[],
  ) {
    this.lines = new StepLines(join(folder, 'completions.jsonl'), stepOf);
  }

  onStart({ state }: { state: TrainerState }): Promise<void> {
    return this.lines.forgetAfter(state.global_step);
  }

  onAnswers({ step, answers }: { readonly step: number; readonly answers: readonly JudgedDraw[] }): void {
    for (const { asked, text, tokens, is_whole, rewards, reward, advantage } of answers) {
      const said = Object.fromEntries(this.rewards.map((id, i) => [id, numberOf(rewards[i])]));
      const { messages } = asked;
      const finish_reason = is_whole ? 'stop' : 'length';
      const worth = { rewards: said, reward: numberOf(reward), advantage };
      this.lines.append({ step, messages, completion: text, tokens, finish_reason, ...worth });
    }
  }
}

/** JSON has no NaN. */
const numberOf = (value: number): number | null => (Number.isNaN(value) ? null : value);

function stepOf(line: string): number {
  const [, step] = /^\{"step":(\d+),/.exec(line) ?? [];
  return step === undefined ? Infinity : Number(step);
}
