/** A model that is loaded here, as what answers: generation and log-likelihoods. */
import type { Backend } from '../contracts/backend.js';
import type {
  Generated,
  GenerateSettings,
  Hearer,
  InferBackend,
  Likelihood,
  LikelihoodRequest,
  Prompt,
} from '../contracts/infer-backend.js';
import { IGNORE_INDEX, type Sample } from '../contracts/template.js';
import { counted } from '../counted.js';
import { SeededRandom } from '../data/index.js';
import { microBatches, rowLengths } from '../data/micro-batches.js';
import { longestOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { firstNonFinite } from '../io/non-finite.js';
import { WeightFiles } from '../io/weight-files.js';
import type { LoadedModel } from '../model/load-model.js';
import { nonFiniteLogits } from '../model/non-finite-weights.js';
import { GenerateEngine } from '../runtime/generate-engine.js';
import { TrainEngine } from '../runtime/train-engine.js';
import { tokenSpans } from '../train/token-spans.js';
import { generate } from './generate.js';
import { continuesText, encodePair, encodeText } from './plain-text.js';
import type { SamplingOptions } from './sampling.js';

export interface NativeBackendOptions extends SamplingOptions {
  readonly seed: number;
  /** System prompt of conversations that bring none; the template's own when absent. */
  readonly system?: string;
  /** Texts that end an answer, beside the template's and those of a request. */
  readonly stop_words: readonly string[];
  /** Prompts answered at once. */
  readonly batch_size: number;
  /** Most tokens of prompt and answer; -1 is what the model allows. */
  readonly max_length: number;
}

/** Requests whose log-likelihoods are laid out together. */
const LAID_OUT = 64;

export class NativeBackend implements InferBackend {
  /** A base model continues text and knows no turns. */
  readonly isChat: boolean;
  private generating?: GenerateEngine;
  private measuring?: TrainEngine;
  /** Prompts answered: each draws from a stream of its own, whatever it is answered beside. */
  private answered = 0;

  constructor(
    private readonly loaded: LoadedModel,
    private readonly backend: Backend,
    private readonly options: NativeBackendOptions,
  ) {
    this.isChat = !continuesText(loaded.templateId);
  }

  async generate(
    prompts: readonly Prompt[],
    { max_new_tokens, stop }: GenerateSettings,
    { onDone, signal }: Hearer<Generated>,
  ): Promise<void> {
    const { model, tokenizer, template } = this.loaded;
    const { batch_size, seed, stop_words } = this.options;
    const room = this.limit - max_new_tokens;
    if (room < 1) {
      const fault = `--max_new_tokens: ${counted(max_new_tokens, 'token')} of an answer leave no room for a prompt`;
      throw new SwiftError('BAD_ARGUMENT', `${fault}, the limit is ${this.limit} for both`, {
        cure: `Ask for fewer: ${Math.ceil(this.limit / 2)}.`,
      });
    }
    const engine = (this.generating ??= new GenerateEngine(this.backend, model, new WeightFiles()));
    const options = {
      ...this.options,
      max_new_tokens,
      stopIds: template.stopIds(tokenizer),
      stopWords: [...template.stopWords, ...stop, ...stop_words].filter((word) => word !== ''),
      signal,
    };
    for (let start = 0; start < prompts.length && !signal?.aborted; start += batch_size) {
      const whole = prompts.slice(start, start + batch_size).map((prompt) => this.encode(prompt));
      const kept = whole.map((ids) => ids.slice(-room));
      const randoms = kept.map(() => SeededRandom.stream(seed, 'answer', this.answered++));
      const answers = await generate(engine, tokenizer, kept, options, randoms);
      answers.forEach(({ text, finish_reason }, i) => {
        if (finish_reason !== 'abort')
          onDone(start + i, { text, finish_reason, cut: whole[i].length - kept[i].length });
      });
    }
  }

  /** As lm-evaluation-harness: what is too long loses its left end. */
  async logLikelihoods(
    requests: readonly LikelihoodRequest[],
    { onDone, signal }: Hearer<Likelihood>,
  ): Promise<void> {
    const { model, tokenizer } = this.loaded;
    const engine = (this.measuring ??= new TrainEngine(this.backend, model, { residuals: 'save' }));
    // The last token is predicted and predicts nothing, so it needs no place among those a model was trained on.
    const most = Math.min(this.limit + 1, model.mostPositions);
    const encoded = requests.map((request) => sampleOf(encodePair(tokenizer, request), most));
    const lengths = rowLengths(longestOf(encoded.map(({ sample }) => sample)));
    const numbers = new Map<Sample, number>(encoded.map(({ sample }, i) => [sample, i]));
    for (let start = 0; start < encoded.length && !signal?.aborted; start += LAID_OUT) {
      const samples = encoded.slice(start, start + LAID_OUT).map(({ sample }) => sample);
      // Laid out for few passes, told in the order they were asked.
      const results = new Map<number, Likelihood>();
      for (const batch of microBatches(samples, { lengths, padTokenId: 0, packs: model.packs })) {
        const { logp, correct } = await engine.tokenValues(batch, ['logp', 'correct']);
        if (firstNonFinite(logp) >= 0) throw await nonFiniteLogits(model);
        const spans = tokenSpans(batch);
        batch.of.forEach((sample, i) => {
          const request = numbers.get(sample)!;
          const sum = logp.subarray(...spans[i]).reduce((total, one) => total + one, 0);
          const is_greedy = correct.subarray(...spans[i]).every((one) => one === 1);
          results.set(request, { logp: sum, is_greedy, cut: encoded[request].cut });
        });
      }
      samples.forEach((_, i) => onDone(start + i, results.get(start + i)!));
    }
  }

  async release(): Promise<void> {
    await this.generating?.release();
    await this.measuring?.release();
  }

  private get limit(): number {
    const { model } = this.loaded;
    const { max_length } = this.options;
    return Math.min(max_length > 0 ? max_length : model.shape.max_position_embeddings, model.mostPositions);
  }

  private encode(prompt: Prompt): readonly number[] {
    const { template, tokenizer } = this.loaded;
    if (typeof prompt === 'string') return encodeText(tokenizer, prompt);
    return template.prompt(prompt, tokenizer, { system: this.options.system });
  }
}

/** @param most tokens that are kept, the last ones */
function sampleOf(
  {
    context,
    continuation,
  }: { readonly context: readonly number[]; readonly continuation: readonly number[] },
  most: number,
): { readonly sample: Sample; readonly cut: number } {
  const ids = [...context, ...continuation];
  const cut = Math.max(0, ids.length - most);
  // The first token of all has nothing that predicts it.
  const first = Math.max(context.length, cut + 1);
  const labels = ids.map((id, i) => (i < first ? IGNORE_INDEX : id));
  return { sample: { input_ids: ids.slice(cut), labels: labels.slice(cut) }, cut };
}
