import {
  evaluator,
  rowText,
  type EvaluatorQuestion,
  type Judgement,
  type RawRow,
  type WrittenEvaluator,
} from 'swift-ts/plugin';

/** What no rule reads off an answer: lm-evaluation-harness's word. */
const NOTHING = '[invalid]';

/**
 * Word problems of grade school (Cobbe et al., 2021), read and judged as lm-evaluation-harness's task `gsm8k`. Two rules
 * read the answer: `strict-match` the number after ####, `flexible-extract` the last number.
 */
@evaluator({
  id: 'gsm8k',
  summary: 'Word problems of grade school, the answer written with its steps',
  hf: 'openai/gsm8k',
  ms: 'AI-ModelScope/gsm8k',
  sets: { gsm8k: { subset: 'main' } },
  few_shot: 5,
  example: { question: 'What are two and two?', answer: '2+2=<<2+2=4>>4\n#### 4' },
})
export class Gsm8k implements WrittenEvaluator {
  readonly answers = 'written';
  readonly stop = ['Question:', '</s>', '<|im_end|>'];
  readonly max_new_tokens = 256;

  question(row: RawRow): EvaluatorQuestion {
    return { prompt: `Question: ${rowText(row, 'question')}\nAnswer:`, answer: rowText(row, 'answer') };
  }

  judge({ answer: right }: EvaluatorQuestion, answer: string): Judgement {
    const extracted = {
      'strict-match': /#### (-?[0-9.,]+)/.exec(answer)?.[1] ?? NOTHING,
      'flexible-extract': answer.match(/-?[$0-9.,]{2,}|-?[0-9]+/g)?.at(-1) ?? NOTHING,
    };
    const isRight = (read: string): number => Number(plain(read) === plain(right));
    const metrics = Object.entries(extracted).map(([rule, read]) => [`exact_match,${rule}`, isRight(read)]);
    return { extracted, metrics: Object.fromEntries(metrics) };
  }
}

/** A number without what is written around it. */
function plain(text: string): string {
  return text
    .replaceAll(',', '')
    .replaceAll('$', '')
    .replace(/^[^]*#### /, '')
    .replace(/\.(?=\n?$)/, '')
    .toLowerCase();
}
