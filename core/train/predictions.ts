/** Answers of a model as it trains to the rows that it is evaluated on, held against those of the rows. */
import { join } from 'node:path';
import { IGNORE_INDEX, type Sample } from '../contracts/template.js';
import type { Predicted } from '../contracts/trainer.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SeededRandom } from '../data/random.js';
import { NLG_METRICS, nlgScores } from '../eval/nlg.js';
import type { Draw, Drawn } from './rollout-passes.js';
import { StepLines } from './step-lines.js';

export interface PredictionParts extends Predicted {
  readonly tokenizer: Tokenizer;
  /** Writes an answer to each prompt, the likeliest token each time. */
  readonly answer: (draws: readonly Draw[]) => Promise<readonly Drawn[]>;
  readonly release: () => Promise<void>;
  /** Of the run, where `predict.jsonl` is written. */
  readonly folder: string;
}

export class Predictions {
  readonly measures: readonly string[] = NLG_METRICS;
  private readonly lines: StepLines;

  constructor(private readonly parts: PredictionParts) {
    this.lines = new StepLines(join(parts.folder, 'predict.jsonl'), stepOf);
  }

  /** @param step that the run goes on from */
  begin(step: number): Promise<void> {
    return this.lines.forgetAfter(step);
  }

  /** ROUGE and BLEU of the answers, in percent, means over the rows. */
  async predict(samples: readonly Sample[], step: number): Promise<Readonly<Record<string, number>>> {
    const asked = samples.map(lastAnswer);
    const { tokenizer, answer } = this.parts;
    // The likeliest token is no matter of chance.
    const random = SeededRandom.stream(0, 'evaluation');
    const drawn = await answer(
      asked.map(({ prompt }, i): Draw => ({ ids: prompt, media: samples[i].media, random })),
    );
    const pairs = drawn.map(({ text, is_whole }, i) => {
      const reference = tokenizer.decode(asked[i].answer, { skipSpecialTokens: true });
      const finish_reason = is_whole ? 'stop' : 'length';
      const prompt = tokenizer.decode(asked[i].prompt);
      this.lines.append({ step, prompt, response: text, labels: reference, finish_reason });
      return { candidate: text, reference };
    });
    return Object.assign({}, nlgScores(pairs));
  }

  release(): Promise<void> {
    return this.parts.release();
  }
}

/** The last stretch of labels, and all before it. */
export function lastAnswer({ input_ids, labels }: Pick<Sample, 'input_ids' | 'labels'>): {
  readonly prompt: readonly number[];
  readonly answer: readonly number[];
} {
  let end = labels.length;
  while (end > 0 && labels[end - 1] === IGNORE_INDEX) end--;
  let start = end;
  while (start > 0 && labels[start - 1] !== IGNORE_INDEX) start--;
  const ids = Array.from(input_ids);
  return { prompt: ids.slice(0, start), answer: ids.slice(start, end) };
}

function stepOf(line: string): number {
  const [, step] = /^\{"step":(\d+),/.exec(line) ?? [];
  return step === undefined ? Infinity : Number(step);
}
