/** `swift eval`: benchmarks asked of a model or a server, into a folder of prompts, answers and scores. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandValues } from '../config/command-line.js';
import type { InferBackend } from '../contracts/infer-backend.js';
import { SwiftError } from '../errors.js';
import { reportRows, SetTally, type SetReport } from '../eval/report.js';
import { runSet, type EvaluatedItem } from '../eval/run-set.js';
import { samplingOptions } from '../infer/sampling.js';
import { baseOf } from '../infer/completions-server.js';
import { NativeBackend } from '../infer/native-backend.js';
import { OpenAiBackend } from '../infer/open-ai-backend.js';
import { notWritable, writeFileAtomic } from '../io/atomic-write.js';
import { withAbsolutePaths } from '../job/absolute-paths.js';
import { loadSet, namedSets, type LoadedSet } from './eval-sets.js';
import { openAsked } from './infer.js';
import { makeRunFolder } from './run-folder.js';
import type { Services } from './services.js';
import { checkOutput } from './train-arguments.js';

export type EvalArguments = CommandValues<'eval'>;

export interface EvaluateHooks {
  /** Told once, when the run's folder is there. */
  readonly onFolder?: (folder: string) => void;
  /** Told of each answer, and how many of its set are there. */
  readonly onItem?: (dataset: string, item: EvaluatedItem, done: number, total: number) => void;
  /** Ends the run early: what was answered is kept and reported. */
  readonly signal?: AbortSignal;
}

export interface EvaluateResult {
  readonly folder: string;
  readonly report: EvaluationSummary;
}

/** What report.json holds. */
export interface EvaluationSummary {
  readonly model: string;
  /** Chat template of written answers; absent where texts are gone on with, and for a server, which has its own. */
  readonly template?: string;
  readonly eval_url?: string;
  /** Of each set; and, where an evaluator was asked with all of its sets, of them together. */
  readonly results: readonly SetReport[];
}

/** Someone to ask. */
interface Asked {
  readonly backend: InferBackend;
  readonly model: string;
  readonly template?: string;
}

/** Asks benchmarks. @throws SwiftError; what is wrong with arguments, rows or model shows before the run has a folder */
export async function evaluate(
  args: EvalArguments,
  services: Services,
  hooks: EvaluateHooks = {},
): Promise<EvaluateResult> {
  checkOutput(args.eval_output_dir);
  checkName(args.name);
  const server = args.eval_url === null ? undefined : openServer(args, args.eval_url);
  const named = await namedSets(args, services);
  const sets: LoadedSet[] = [];
  for (const one of named) sets.push(await loadSet(one, args, services));
  const asked = server ?? (await openModelAsked(args, sets, services));
  try {
    const folder = makeRunFolder(args.eval_output_dir, args.name ?? folderName(asked.model));
    const written = withAbsolutePaths({ command: 'eval', ...args }, services.plugins.catalog);
    // A key is nobody else's.
    const kept = { ...written, eval_token: undefined };
    await writeFileAtomic(join(folder, 'args.json'), `${JSON.stringify(kept, null, 2)}\n`);
    services.log.info(`run: ${folder}`);
    hooks.onFolder?.(folder);
    return { folder, report: await askAll(folder, sets, asked, args, hooks) };
  } finally {
    await asked.backend.release();
  }
}

/** Asks set after set. What was answered is reported, whatever ends the run. */
async function askAll(
  folder: string,
  sets: readonly LoadedSet[],
  { backend, model, template }: Asked,
  args: EvalArguments,
  { onItem, signal }: EvaluateHooks,
): Promise<EvaluationSummary> {
  const tallies = sets.map(({ id, few_shot, asked }) => new SetTally(id, few_shot, asked.length));
  const report = (): EvaluationSummary => ({
    model,
    template,
    eval_url: args.eval_url ?? undefined,
    results: [...tallies, ...together(sets, tallies)].map((tally) => tally.report()),
  });
  try {
    for (const [i, { id, evaluator, asked }] of sets.entries()) {
      let done = 0;
      const path = join(folder, `${id}.jsonl`);
      await runSet(evaluator, asked, backend, {
        max_new_tokens: args.max_new_tokens ?? undefined,
        signal,
        onItem: (item) => {
          append(path, item);
          tallies[i].add(item);
          onItem?.(id, item, ++done, asked.length);
        },
      });
    }
  } finally {
    const summary = report();
    await writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await writeFileAtomic(join(folder, 'report.md'), markdown(summary));
  }
  return report();
}

/** One tally for each evaluator that was asked with all of its sets. */
function together(sets: readonly LoadedSet[], tallies: readonly SetTally[]): readonly SetTally[] {
  const wholes = new Map<string, SetTally>();
  for (const [i, { partOf, few_shot }] of sets.entries()) {
    if (partOf === undefined) continue;
    const whole = wholes.get(partOf) ?? new SetTally(partOf, few_shot, 0);
    wholes.set(partOf, whole);
    whole.include(tallies[i]);
  }
  return [...wholes.values()];
}

async function openModelAsked(
  args: EvalArguments,
  sets: readonly LoadedSet[],
  services: Services,
): Promise<Asked> {
  const backend = await services.backend();
  // Log-likelihoods are measured in passes of whole texts, for which weights are read from memory.
  const maps = backend.mapsFiles === true && sets.every(({ evaluator }) => evaluator.answers === 'written');
  const { loaded, system } = await openAsked(args, services, maps);
  const native = new NativeBackend(loaded, backend, {
    ...args,
    ...samplingOptions(args),
    batch_size: args.eval_batch_size,
    system: args.system ?? system,
  });
  return { backend: native, model: loaded.name, template: native.isChat ? loaded.templateId : undefined };
}

/** @throws SwiftError BAD_ARGUMENT without the model's name there */
function openServer(args: EvalArguments, eval_url: string): Asked {
  const model = args.model_id_or_path ?? args.model_type;
  const url = baseOf(eval_url, '--eval_url');
  if (model === null) {
    throw new SwiftError('BAD_ARGUMENT', '--eval_url: the name of the model there is not given', {
      cure: `Give it as --model_type; ${url}/models lists what is there.`,
    });
  }
  const draws = args.do_sample ?? args.temperature > 0;
  const sampling = {
    temperature: draws ? args.temperature : 0,
    ...(draws ? { seed: args.seed } : {}),
    ...present(args, draws ? ['top_k', 'top_p', 'repetition_penalty'] : ['repetition_penalty']),
  };
  const backend = new OpenAiBackend({
    url,
    token: args.eval_token,
    flag: '--eval_url',
    model,
    sampling,
    stop_words: args.stop_words,
    isChat: args.eval_is_chat_model ?? true,
    system: args.system ?? undefined,
    concurrency: args.eval_nproc,
  });
  return { backend, model };
}

/** Some of the arguments, those that are given. */
function present(
  args: EvalArguments,
  names: readonly ('top_k' | 'top_p' | 'repetition_penalty')[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(names.flatMap((name) => (args[name] === null ? [] : [[name, args[name]]])));
}

function append(path: string, item: EvaluatedItem): void {
  try {
    appendFileSync(path, `${JSON.stringify(item)}\n`);
  } catch (error) {
    throw notWritable(path, error);
  }
}

function markdown({ model, template, eval_url, results }: EvaluationSummary): string {
  const [head, ...rows] = reportRows(results);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const by = [template && `template ${template}`, eval_url && `at ${eval_url}`].filter(Boolean).join(', ');
  const table = [line(head), line(head.map(() => '---')), ...rows.map(line)];
  return `# ${model}${by === '' ? '' : ` (${by})`}\n\n${table.join('\n')}\n`;
}

/** A model's name as the name of a folder. */
const folderName = (model: string): string =>
  model.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'model';

/** @throws SwiftError BAD_ARGUMENT for a name that is a path */
function checkName(name: string | null): void {
  if (name === null || /^(?!\.)[\w .-]+$/.test(name)) return;
  throw new SwiftError('BAD_ARGUMENT', `--name: '${name}' is no name of a folder`, {
    cure: 'Take letters, digits, blanks, -, _ and dots; --eval_output_dir says where it lies.',
  });
}
