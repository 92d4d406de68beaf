/** A reward model behind an address: it answers a conversation, or a question about it, with a number. */
import type { JudgedAnswer, Reward } from '../contracts/reward.js';
import type { Log } from '../contracts/log.js';
import type { Message } from '../contracts/row.js';
import { counted } from '../counted.js';
import { SwiftError } from '../errors.js';
import type { OpenAiBackend } from '../infer/open-ai-backend.js';
import { locateServed, servedBackend } from './served-model.js';

/** Answers that are judged at once. */
const AT_ONCE = 16;
/** A judge may think before it says its number. */
const MOST_TOKENS = 2048;

const PLACES = ['query', 'response', 'expected'] as const;

export class ServedReward implements Reward {
  private constructor(
    private readonly address: string,
    private readonly backend: OpenAiBackend,
    private readonly prompt: string | undefined,
    private readonly log: Log,
  ) {}

  /** @throws SwiftError BAD_ARGUMENT for a prompt that shows no answer; and as `locateServed` */
  static async open(address: string, prompt: string | undefined, log: Log): Promise<ServedReward> {
    if (prompt !== undefined) checkPrompt(prompt);
    const found = await locateServed(address, '--reward_model');
    const options = { sampling: { temperature: 0 }, stop_words: [], concurrency: AT_ONCE };
    return new ServedReward(address, servedBackend(found, options), prompt, log);
  }

  /** Null where its answer holds no number, which is said. @throws SwiftError SERVER_UNREACHABLE, SERVER_REFUSED */
  async score(answers: readonly JudgedAnswer[]): Promise<(number | null)[]> {
    const scores: (number | null)[] = answers.map(() => null);
    const silent: string[] = [];
    await this.backend.generate(
      answers.map((answer) => ({ prompt: this.asked(answer), tools: answer.asked.tools })),
      { max_new_tokens: MOST_TOKENS, stop: [] },
      {
        onDone: (i, { text }) => {
          scores[i] = lastNumber(text);
          if (scores[i] === null) silent.push(text);
        },
      },
    );
    if (silent.length > 0) {
      const shown = JSON.stringify(silent[0].slice(-120));
      this.log.warn(
        `--reward_model ${this.address}: ${counted(silent.length, 'answer')} of ${answers.length} got no number: …${shown}`,
      );
    }
    return scores;
  }

  release(): Promise<void> {
    return this.backend.release();
  }

  private asked({ asked: { messages, columns, expected: ending }, text }: JudgedAnswer): readonly Message[] {
    if (this.prompt === undefined) return [...messages, { role: 'assistant', content: text }];
    const query = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    // Where `accuracy` looks for it, too.
    const right = [columns.solution, columns.answer, ending].find((one) => one !== undefined && one !== null);
    const expected = typeof right === 'object' ? JSON.stringify(right) : String(right ?? '');
    const said: Readonly<Record<string, string>> = { query, response: text, expected };
    const content = this.prompt.replaceAll(/\{(\w+)\}/g, (place, name: string) => said[name] ?? place);
    return [{ role: 'user', content }];
  }
}

/** The last number of a text; null without one. */
export function lastNumber(text: string): number | null {
  const [last] = text.match(/-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?(?!.*\d)/is) ?? [];
  const value = last === undefined ? NaN : Number(last);
  return Number.isFinite(value) ? value : null;
}

function checkPrompt(prompt: string): void {
  const places = [...prompt.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const other = places.find((name) => !PLACES.includes(name as (typeof PLACES)[number]));
  if (other === undefined && places.includes('response')) return;
  const fault = other === undefined ? 'it shows no {response}' : `there is no {${other}}`;
  throw new SwiftError('BAD_ARGUMENT', `--reward_prompt: ${fault}`, {
    cure: `It may hold {query}, {response} and {expected}: "Rate this answer to {query} from 0 to 1: {response}"`,
  });
}
