/** The sets of questions that `--eval_dataset` names, read from their repositories and told apart from their examples. */
import { existsSync } from 'node:fs';
import { parse } from 'node:path';
import type { Evaluator, EvaluatorMeta, EvaluatorQuestion, EvaluatorSet } from '../contracts/evaluator.js';
import { atOrigin } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { drawShots } from '../eval/few-shot.js';
import type { AskedQuestion } from '../eval/run-set.js';
import { readRows } from '../io/rows/read-rows.js';
import type { Plugin } from '../registry/plugins.js';
import { repositoryFiles } from './find-dataset.js';
import type { Services } from './services.js';

/** Which of a set's rows are asked, and with how many examples. */
export interface SetOptions {
  readonly eval_dataset: readonly string[];
  readonly eval_few_shot: number | null;
  readonly eval_limit: string | null;
}

export interface LoadedSet {
  readonly id: string;
  /** The evaluator's id where all of its several sets are asked. */
  readonly partOf?: string;
  readonly evaluator: Evaluator;
  readonly few_shot: number;
  readonly asked: readonly AskedQuestion[];
}

interface NamedSet {
  readonly id: string;
  readonly partOf?: string;
  /** Rows of the user, instead of a repository's. */
  readonly file?: string;
  readonly plugin: Plugin<'evaluator'>;
}

/** What is named, before anything is read. @throws SwiftError UNKNOWN_PLUGIN, BAD_ARGUMENT */
export async function namedSets(
  { eval_dataset, eval_limit }: SetOptions,
  { plugins }: Services,
): Promise<readonly NamedSet[]> {
  if (eval_dataset.length === 0) {
    throw new SwiftError('BAD_ARGUMENT', 'no benchmark is given', {
      cure: 'Name one or more: --eval_dataset gsm8k arc (see swift list evaluators).',
    });
  }
  limitOf(eval_limit);
  const named: NamedSet[] = [];
  for (const given of eval_dataset) {
    const { name, file } = withFile(given, plugins);
    const plain = plugins.catalog.has('evaluator', name) ? name : name.toLowerCase();
    const { id } = plugins.catalog.find('evaluator', plugins.catalog.has('evaluator', plain) ? plain : name);
    const plugin = await plugins.resolve('evaluator', id);
    if (file !== undefined) {
      add(given, { id: `${id}_${parse(file).name}`, plugin, file });
      continue;
    }
    const sets = Object.keys(plugin.meta.sets);
    const partOf = sets.includes(id) || sets.length === 1 ? undefined : id;
    for (const set of sets.includes(id) ? [id] : sets) add(set, { id: set, partOf, plugin });
  }
  return named;

  function add(name: string, set: NamedSet): void {
    if (named.some((one) => one.id === set.id)) {
      throw new SwiftError('BAD_ARGUMENT', `--eval_dataset: '${name}' is named twice`, {
        cure: 'Name it once.',
      });
    }
    named.push(set);
  }
}

/** `gsm8k:rows.jsonl`: the rows of a file, asked and judged as those of a benchmark. @throws SwiftError FILE_NOT_FOUND */
function withFile(
  given: string,
  { catalog }: Services['plugins'],
): { readonly name: string; readonly file?: string } {
  const at = given.indexOf(':');
  const name = given.slice(0, Math.max(0, at));
  if (at < 0 || !catalog.has('evaluator', name)) return { name: given };
  const file = given.slice(at + 1);
  if (existsSync(file)) return { name, file };
  throw new SwiftError('FILE_NOT_FOUND', `--eval_dataset ${given}: there is no file '${file}'`, {
    cure: `What follows the colon is a file of rows: ${name}:rows.jsonl; ${name} alone asks its own.`,
  });
}

/** Reads what was named. @throws SwiftError BAD_ROW with the row's place */
export async function loadSet(
  { id, partOf, file, plugin: { instance: evaluator, meta } }: NamedSet,
  options: SetOptions,
  services: Services,
): Promise<LoadedSet> {
  const set = file === undefined ? meta.sets[id] : { split: file, few_shot_split: file };
  const { split = 'test', few_shot_split = 'train' } = set;
  const few_shot = options.eval_few_shot ?? meta.few_shot;
  const questions = await readQuestions(id, split, { evaluator, meta, set, file, services });
  const [from, to] = limitOf(options.eval_limit);
  const until = Math.min(to, questions.length);
  if (from >= until) {
    throw new SwiftError('BAD_ARGUMENT', `--eval_limit: ${id} has ${questions.length} questions`, {
      cure: `Ask for some of them, e.g. [0:${Math.min(10, questions.length)}].`,
    });
  }
  const isSame = few_shot_split === split;
  const reads = few_shot > 0 && !isSame;
  const pool = reads
    ? await readQuestions(id, few_shot_split, { evaluator, meta, set, file, services })
    : questions;
  // Those before the first that is asked have theirs drawn too: a question has the same examples in any part of a run.
  const drawn = drawShots({ questions: until, pool: pool.length, shots: few_shot, isSame });
  const asked = questions.slice(from, until).map((question, i): AskedQuestion => {
    const index = from + i;
    return { index, question, shots: drawn[index].map((shot) => pool[shot]) };
  });
  return { id, partOf, evaluator, few_shot, asked };
}

interface Source {
  readonly evaluator: Evaluator;
  readonly meta: EvaluatorMeta;
  readonly set: EvaluatorSet;
  readonly file?: string;
  readonly services: Services;
}

async function readQuestions(
  id: string,
  split: string,
  { evaluator, meta, set, file, services }: Source,
): Promise<readonly EvaluatorQuestion[]> {
  const { subset } = set;
  const wanted = { text: id, splits: [split], named: [], usual: subset };
  const questions: EvaluatorQuestion[] = [];
  const paths = file === undefined ? await repositoryFiles(meta, wanted, services.useHf, services) : [file];
  for (const path of paths) {
    for await (const { row, origin } of readRows(path)) {
      try {
        questions.push(evaluator.question(row));
      } catch (error) {
        throw atOrigin(error, origin);
      }
    }
  }
  return questions;
}

/** From which row to which. @throws SwiftError BAD_ARGUMENT */
function limitOf(text: string | null): readonly [from: number, to: number] {
  if (text === null) return [0, Infinity];
  const slice = /^\[(\d*):(\d*)\]$/.exec(text);
  if (slice) return [Number(slice[1]), slice[2] === '' ? Infinity : Number(slice[2])];
  if (/^\d+$/.test(text) && Number(text) > 0) return [0, Number(text)];
  throw new SwiftError('BAD_ARGUMENT', `--eval_limit: '${text}' is neither a number above 0 nor a slice`, {
    cure: 'Write 100 for the first hundred, [100:200] for the next.',
  });
}
