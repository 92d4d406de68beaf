/** Models that say of a conversation what it is, and write no text: classes, numbers, or a vector for it. */
import type { MediaKind } from '../contracts/media.js';
import type { StandardRow } from '../contracts/row.js';
import { RowEncoder, SeenRows, type LoadedRow } from '../data/index.js';
import { relevanceQuestion } from '../data/relevance-question.js';
import { atOrigin } from '../data/source.js';
import { SwiftError } from '../errors.js';
import { usualProblem, type ProblemType } from '../model/task-heads.js';
import { writesNoText } from '../model/wordless.js';
import type { CausalLM, SequenceReading } from '../nn/index.js';
import { requireModel } from './check-given.js';
import { mediaFilesOf } from './media-files.js';
import { SequenceReader } from './sequence-reader.js';
import { stepRewards } from './step-rewards.js';
import type { TunableModel } from './tunable-model.js';

/** What is said of a conversation. */
export interface Judgement {
  /** A class, the classes that hold, a number or numbers, of each step how likely it is right, or a vector of length 1. */
  readonly response: number | readonly number[];
  /** Of each class. */
  readonly probabilities?: readonly number[];
}

export interface ScorerOptions {
  /** System prompt of conversations that bring none; the template's own when absent. */
  readonly system?: string;
  /** Most tokens of a conversation; -1 is what the model allows. */
  readonly max_length?: number;
  readonly max_pixels?: number | null;
  /** A vector for each conversation, whether or not the model has a head for scores. */
  readonly embeds?: boolean;
  /** Scores of a reranker are probabilities, not log-odds. */
  readonly activates?: boolean;
}

export class Scorer {
  private constructor(
    private readonly model: TunableModel,
    private readonly reader: SequenceReader,
    private readonly options: ScorerOptions,
    private readonly seen?: SeenRows,
  ) {}

  /** @throws SwiftError BAD_ARGUMENT for a model that has no head for scores, unless it embeds */
  static async open(model: TunableModel, options: ScorerOptions = {}): Promise<Scorer> {
    requireModel('Scorer.open', model);
    const { loaded, services } = model;
    const { score, verdict } = loaded.model;
    if (!score && !verdict && !options.embeds) {
      if (!loaded.model.writes) throw writesNoText(loaded.model);
      throw new SwiftError('BAD_ARGUMENT', 'the model has no head for scores', {
        cure: 'Take one that was trained to score (swift sft --task_type seq_cls), or ask for vectors.',
      });
    }
    const files = mediaFilesOf(loaded, options.max_pixels ?? null);
    const reader = new SequenceReader(loaded.model, await services.backend());
    return new Scorer(model, reader, options, files && new SeenRows(files));
  }

  /** What it takes in beside text. */
  get media(): readonly MediaKind[] {
    return this.seen?.files.kinds ?? [];
  }

  /** The model that says it. */
  get asked(): CausalLM {
    return this.model.loaded.model;
  }

  /** What is said of each conversation, in their order. @throws SwiftError of the first that the template cannot say */
  judge(rows: readonly StandardRow[], system = this.options.system): Promise<Judgement[]> {
    return this.judgeRows(
      rows.map((row) => ({ row, origin: undefined })),
      system,
    );
  }

  /** The same, of rows of a file, which its errors name. */
  async judgeRows(
    rows: readonly (Pick<LoadedRow, 'row'> & Partial<Pick<LoadedRow, 'origin'>>)[],
    system = this.options.system,
  ): Promise<Judgement[]> {
    const { template, tokenizer, model } = this.model.loaded;
    const { max_length = -1, embeds, activates } = this.options;
    const encoder = new RowEncoder(template, tokenizer, {
      supervise: 'none',
      system,
      seen: this.seen,
      ...(max_length > 0 && { max_length }),
      ...(model.verdict && !embeds && { sequences: (row, words) => [relevanceQuestion(row, words)] }),
    });
    const placed = rows.map(({ row, origin = { file: '', line: 0 } }) => ({ row, origin }));
    await this.seen?.open(placed);
    const samples = encoder.outcomes(placed).map((outcome, i) => {
      const { origin } = rows[i];
      const told = (error: unknown): unknown => (origin ? atOrigin(error, origin) : error);
      if (outcome.kind === 'fault') throw told(outcome.error);
      if (outcome.kind === 'sample') return outcome.sample;
      const what = outcome.reason === 'too_long' ? 'is longer than --max_length' : 'says nothing';
      throw told(
        new SwiftError('BAD_ROW', `the conversation ${what}.`, { cure: 'Take it out, or shorten it.' }),
      );
    });
    const name: SequenceReading = embeds ? 'pooled' : 'score';
    const read = await this.reader.read(samples, name);
    if (embeds) return read.map((vector) => ({ response: normalized(vector) }));
    if (typeof model.reads === 'object') return read.map((scores) => ({ response: stepRewards(scores) }));
    if (activates) return read.map(([score]) => ({ response: sigmoid(score) }));
    const problem = model.problem_type ?? usualProblem(model.score?.out_features ?? 1);
    return read.map((scores) => judgementOf(Array.from(scores), problem));
  }

  /** Frees memory. */
  release(): Promise<void> {
    return this.reader.release();
  }
}

function judgementOf(scores: readonly number[], problem: ProblemType): Judgement {
  if (problem === 'regression') return { response: scores.length === 1 ? scores[0] : scores };
  if (problem === 'multi_label_classification') {
    const probabilities = scores.map(sigmoid);
    return { response: probabilities.flatMap((one, i) => (one >= 0.5 ? [i] : [])), probabilities };
  }
  const top = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - top));
  const all = shares.reduce((sum, share) => sum + share, 0);
  return { response: scores.indexOf(top), probabilities: shares.map((share) => share / all) };
}

const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));

/** Of length 1. */
function normalized(vector: Float32Array): number[] {
  const length = Math.max(Math.hypot(...vector), 1e-12);
  return Array.from(vector, (value) => value / length);
}
