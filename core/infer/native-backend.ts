/** A model that is loaded here, as what answers: generation and log-likelihoods. */
import type { Backend } from '../contracts/backend.js';
import type {
  Asked,
  Generated,
  GenerateSettings,
  Hearer,
  InferBackend,
  Likelihood,
  LikelihoodRequest,
  PromptRequest,
  TextHearer,
} from '../contracts/infer-backend.js';
import type { StandardRow } from '../contracts/row.js';
import { IGNORE_INDEX, type Sample } from '../contracts/template.js';
import { counted } from '../counted.js';
import { foundObjects, SeededRandom, type MediaFiles } from '../data/index.js';
import { microBatches, rowLengths } from '../data/micro-batches.js';
import { longestOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { firstNonFinite } from '../io/non-finite.js';
import { WeightFiles } from '../io/weight-files.js';
import type { LoadedModel } from '../model/load-model.js';
import { nonFiniteLogits } from '../model/non-finite-weights.js';
import { writesNoText } from '../model/wordless.js';
import { GenerateEngine } from '../runtime/generate-engine.js';
import type { Slot } from '../runtime/slot.js';
import { TrainEngine } from '../runtime/train-engine.js';
import { tokenSpans } from '../train/token-spans.js';
import { callReader } from './call-reader.js';
import { continuesText, encodePair } from './plain-text.js';
import { PromptReader, type ReadPrompt } from './prompt-reader.js';
import { each, requestOf } from './requests.js';
import { Scheduler } from './scheduler.js';
import type { SamplingOptions } from './sampling.js';

export interface NativeBackendOptions extends SamplingOptions {
  readonly seed: number;
  /** System prompt of conversations that bring none; the template's own when absent. */
  readonly system?: string;
  /** Texts that end an answer, beside the template's and those of a request. */
  readonly stop_words: readonly string[];
  /** Slots: answers written side by side. */
  readonly batch_size: number;
  /** Most tokens of prompt and answer; -1 is what the model allows. */
  readonly max_length: number;
  /** Opens media; absent for a model of text. */
  readonly files?: MediaFiles;
  /** Brings adapters that lie on disk back before they answer. */
  readonly bringBack?: (adapters: Iterable<string>) => Promise<void>;
}

/** Requests whose log-likelihoods are laid out together. */
const LAID_OUT = 64;

export class NativeBackend implements InferBackend {
  /** A base model continues text and knows no turns. */
  readonly isChat: boolean;
  private readonly reader: PromptReader;
  private readonly generating: GenerateEngine;
  private readonly scheduler: Scheduler<Slot>;
  private measuring?: TrainEngine;
  /** Prompts asked: each draws from a stream of its own, whatever it is answered beside. */
  private asked = 0;
  private isReleased = false;

  constructor(
    private readonly loaded: LoadedModel,
    private readonly backend: Backend,
    private readonly options: NativeBackendOptions,
  ) {
    const { model, tokenizer, templateId } = loaded;
    if (!model.writes) throw writesNoText(model);
    this.isChat = !continuesText(templateId);
    this.reader = new PromptReader(loaded, options.files);
    this.generating = new GenerateEngine(backend, model, new WeightFiles());
    const fault = (): Promise<SwiftError> => nonFiniteLogits(model);
    this.scheduler = new Scheduler(this.generating, tokenizer, options.batch_size, fault);
  }

  /** Answers written side by side. */
  get slots(): number {
    return this.scheduler.slots;
  }

  set slots(slots: number) {
    this.scheduler.slots = slots;
  }

  async generate(
    requests: readonly Asked[],
    settings: GenerateSettings,
    { onDone, onText, signal }: TextHearer,
  ): Promise<void> {
    if (this.isReleased) {
      throw new SwiftError('BAD_ARGUMENT', 'what would answer was released', {
        cure: 'Release a chat when all is asked, or open another one.',
      });
    }
    const first = this.asked;
    this.asked += requests.length;
    const { template, tokenizer } = this.loaded;
    const { stop_words, seed } = this.options;
    const stopIds = template.stopIds(tokenizer);
    const words = [...template.stopWords, ...settings.stop, ...stop_words];
    // As many as there are slots are read ahead of their turn, and no more: a dataset's images are many.
    await each(requests, { atOnce: this.slots, signal }, async (asked, i, ending) => {
      const request = requestOf(asked);
      const { adapters, stop = [], max_new_tokens = settings.max_new_tokens, sampling } = request;
      const prompt = await this.read(request, { ...settings, max_new_tokens });
      if (adapters) await this.options.bringBack?.(adapters.keys());
      const reader = callReader(request, template.agent, onText && ((text) => onText(i, text)));
      const answer = await this.scheduler.answer({
        ids: prompt.ids,
        media: prompt.media,
        adapters,
        max_new_tokens,
        stopIds,
        stopWords: [...words, ...stop, ...(reader?.stopWords ?? [])].filter((word) => word !== ''),
        // Marks of calls are such, and those of places in images.
        keepsSpecialTokens: reader !== undefined || (prompt.images ?? []).length > 0,
        sampling: { ...this.options, ...sampling },
        random:
          request.seed === undefined
            ? SeededRandom.stream(seed, 'answer', first + i)
            : SeededRandom.seeded(request.seed),
        onText: reader ? (text) => reader.push(text) : onText && ((text) => onText(i, text)),
        signal: request.signal ? AbortSignal.any([request.signal, ending]) : ending,
      });
      if (answer.finish_reason !== 'abort' || answer.ids.length > 0)
        onDone(i, { ...answer, ...reader?.end(), ...this.objectsIn(answer.text, prompt), cut: prompt.cut });
    });
  }

  /** What the model reads of a request. @throws SwiftError BAD_ARGUMENT where that is too long */
  async prompt(request: PromptRequest): Promise<ReadPrompt> {
    const read = await this.reader.read(this.placed(request));
    this.requireFitting(read.ids);
    return read;
  }

  /** A row whose texts speak of its objects as the model does. @param folder where paths begin @throws SwiftError */
  spoken(row: StandardRow, folder: string): Promise<StandardRow> {
    return this.reader.spoken(row, folder);
  }

  /** As `prompt`, of a request of text, without waiting. */
  textPrompt(request: PromptRequest): number[] {
    const ids = this.reader.text(this.placed(request));
    this.requireFitting(ids);
    return ids;
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
    this.isReleased = true;
    await this.scheduler.idle();
    await this.generating.release();
    await this.measuring?.release();
  }

  private get limit(): number {
    const { model } = this.loaded;
    const { max_length } = this.options;
    return Math.min(max_length > 0 ? max_length : model.shape.max_position_embeddings, model.mostPositions);
  }

  private placed(request: PromptRequest): PromptRequest {
    if (typeof request.prompt === 'string') return request;
    return { ...request, system: request.system ?? this.options.system };
  }

  private async read(
    request: PromptRequest,
    { too_long, max_new_tokens }: GenerateSettings,
  ): Promise<ReadPrompt & { readonly cut: number }> {
    if (too_long === 'refuse') return { ...(await this.prompt(request)), cut: 0 };
    const room = this.limit - max_new_tokens;
    if (room < 1) {
      const fault = `--max_new_tokens: ${counted(max_new_tokens, 'token')} of an answer leave no room for a prompt`;
      throw new SwiftError('BAD_ARGUMENT', `${fault}, the limit is ${this.limit} for both`, {
        cure: `Ask for fewer: ${Math.ceil(this.limit / 2)}.`,
      });
    }
    const { ids, ...others } = await this.reader.read(this.placed(request));
    // A prompt with images would lose some of their features.
    if (others.media && ids.length > room) this.requireFitting(ids, room);
    return { ids: ids.slice(-room), ...others, cut: Math.max(0, ids.length - room) };
  }

  private objectsIn(text: string, { images: [image] = [] }: ReadPrompt): Pick<Generated, 'objects'> {
    const objects = image && foundObjects(text, image, this.options.files!.grounding);
    return objects ? { objects } : {};
  }

  private requireFitting({ length }: readonly number[], limit = this.limit): void {
    if (length <= limit) return;
    const fewer =
      this.options.max_length > 0 ? 'Shorten it, raise --max_length, or begin' : 'Shorten it, or begin';
    throw new SwiftError(
      'BAD_ARGUMENT',
      `the prompt has ${counted(length, 'token')}, the limit is ${limit}`,
      {
        cure: `${fewer} a new conversation (clear).`,
      },
    );
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
