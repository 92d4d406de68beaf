/** Files of the served datasets and benchmarks, in the formats that the real ones come in where these can be written. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import {
  chatRoomRows,
  chatmlCallRows,
  functionCallRows,
  partRows,
  pluginRows,
  toolBenchRows,
  trajectoryRows,
} from './agent-rows.js';
import { choiceRows, mathRows } from './benchmarks.js';
import { entailmentRows, newsRows, reviewRows, sentencePairs, titleRows, writerRows } from './judged-rows.js';
import { card, json, jsonl, shard, table, type Files } from './layout.js';
import { mediaFiles } from './media-rows.js';
import { pictureRows, seenPreferences, seenProblems } from './pictures.js';
import {
  chineseTranscripts,
  emojiRows,
  humanLikeRows,
  markedRows,
  mixedRows,
  orcaRows,
  pairedRows,
  preferenceRows,
  zhihuRows,
} from './preference-rows.js';
import {
  codingRows,
  documentRows,
  numberRows,
  numinaRows,
  problemRows,
  puzzleRows,
  taughtRows,
} from './reasoning-rows.js';
import { chineseRows, codeRows, dialogueRows, dollyRows, englishRows, textRows } from './rows.js';

/** Files of each dataset by registered id. Parquet, which nothing here writes, is jsonl of the same columns and path. */
export async function datasetFiles(): Promise<Readonly<Record<string, Files>>> {
  const selfCognition = new URL('../../assets/datasets/self-cognition.jsonl', import.meta.url);
  const readme = { 'README.md': '# Rows of the local hub\n' };
  const coding = (column: string): Files => ({ [shard()]: jsonl(codingRows(column)) });
  return {
    'alpaca-en': { ...readme, [shard()]: jsonl(englishRows()) },
    'alpaca-zh': { ...readme, 'train.csv': table(chineseRows(), ',') },
    'self-cognition': {
      ...readme,
      'self_cognition.jsonl': await readFile(fileURLToPath(selfCognition), 'utf8'),
    },
    'dolly-15k': { 'databricks-dolly-15k.jsonl': jsonl(dollyRows()) },
    'code-alpaca-en': { 'code_alpaca.json': json(codeRows()) },
    'sharegpt-gpt4': { 'sharegpt_gpt4.jsonl': jsonl(dialogueRows()) },
    'llava-instruct-mix': { ...readme, [shard('test')]: jsonl(await pictureRows()) },
    pile: { 'train/00.jsonl': jsonl(textRows()) },
    ...(await mediaFiles()),
    ...preferenceFiles(),
    'rlaif-v': { 'RLAIF-V-Dataset_000.jsonl': jsonl(await seenPreferences()) },
    ...agentFiles(),
    ...judgedFiles(),
    gsm8k: benchmarkFiles().gsm8k,
    'math-trn-format': { 'train.jsonl': jsonl(taughtRows('query', 'response')) },
    'competition-math': { 'train.jsonl': jsonl(problemRows()), 'test.jsonl': jsonl(problemRows(50)) },
    mathr: {
      ...card('default', 'clean'),
      ...{
        [shard('train', 'default')]: jsonl(numinaRows()),
        [shard('train', 'clean')]: jsonl(numinaRows(50)),
      },
    },
    'mathr-32b-distill': { ...card('data'), [shard('train', 'data')]: jsonl(numinaRows()) },
    'countdown-tasks-3to4': { [shard()]: jsonl(puzzleRows()) },
    'dapo-math-17k-processed': {
      ...card('all', 'cn', 'en'),
      [shard('train', 'all')]: jsonl(numberRows()),
      [shard('train', 'en')]: jsonl(numberRows().slice(1)),
    },
    'math-lighteval': { [shard()]: jsonl(problemRows()), [shard('test')]: jsonl(problemRows(50)) },
    'numinamath-cot': { [shard()]: jsonl(numinaRows()), [shard('test')]: jsonl(numinaRows(50)) },
    'numinamath-tir': { [shard()]: jsonl(numinaRows()), [shard('test')]: jsonl(numinaRows(50)) },
    'numinamath-1.5': {
      [shard()]: jsonl(
        problemRows().map(({ problem, solution }, i) => ({
          ...{
            problem,
            solution,
            answer: String(3 + i),
            problem_type: 'Algebra',
            question_type: 'math-word-problem',
          },
          ...{ problem_is_valid: 'Yes', solution_is_valid: 'Yes', source: 'hub', synthetic: false },
        })),
      ),
    },
    'verifiable-coding-problems-python-10k': coding('problem'),
    'verifiable-coding-problems-python': coding('problem_statement'),
    'verifiable-coding-problems-python-10k-decontaminated': coding('problem'),
    'verifiable-coding-problems-python-decontaminated': coding('problem_statement'),
    'docqa-rl-1.6k': { 'train.jsonl': jsonl(documentRows()) },
    'chartqa-digit-r1v-format': { [shard()]: jsonl(await seenProblems('<answer>', '</answer>')) },
    'clevr-cogen-a-train': { [shard()]: jsonl(await seenProblems('<answer> ', ' </answer>')) },
    'multimodal-open-r1-8k-verified': {
      [shard()]: jsonl(
        (await seenProblems('<think>I count.</think>\n\n<answer>', '</answer>')).map((row) => ({
          ...row,
          ...{ original_question: row.problem, original_answer: row.solution.replace(/\D/g, '') },
        })),
      ),
    },
    geometry3k: {
      [shard()]: jsonl(
        (await seenProblems()).map(({ image, problem, solution: answer }, id) => ({
          ...{
            images: [image],
            problem: `<image>${problem}`,
            answer,
            id,
            choices: [answer, '9'],
            ground_truth: 'A',
          },
        })),
      ),
    },
  };
}

function preferenceFiles(): Readonly<Record<string, Files>> {
  return {
    'hh-rlhf': {
      'README.md': '# Rows of the local hub\n',
      'harmless-base/train.jsonl': jsonl(preferenceRows()),
      'helpful-base/train.jsonl': jsonl(preferenceRows().reverse()),
    },
    'hh-rlhf-cn': {
      'hh_rlhf_train.jsonl': jsonl(chineseTranscripts()),
      'harmless_base_cn_train.jsonl': jsonl(chineseTranscripts().slice(1)),
      'harmless_base_cn_test.jsonl': jsonl(chineseTranscripts().slice(2)),
    },
    orca_dpo_pairs: { 'orca_rlhf.jsonl': jsonl(orcaRows()) },
    'orpo-dpo-mix-40k': { [shard()]: jsonl(mixedRows()) },
    'shareai-llama3-dpo-zh-en-emoji': { 'train.jsonl': jsonl(emojiRows()) },
    'stack-exchange-paired': {
      'data/evaluation/evaluation-00000-of-00001.jsonl': jsonl(pairedRows().slice(0, 2)),
      'data/rl/train-00000-of-00001.jsonl': jsonl(pairedRows()),
    },
    'ultrafeedback-kto': { [shard()]: jsonl(markedRows()) },
    'zhihu-rlhf': { 'zhihu_3k_rlhf.tsv': table(zhihuRows(), '\t') },
    'human-like-dpo-dataset': { 'data.json': json(humanLikeRows()) },
  };
}

function agentFiles(): Readonly<Record<string, Files>> {
  const talks = { 'train.jsonl': jsonl(pluginRows()), 'dev.jsonl': jsonl(pluginRows().slice(2)) };
  return {
    toolbench: { 'train.jsonl': jsonl(toolBenchRows()) },
    'toolbench-for-alpha-umi': {
      'backbone/train.jsonl': jsonl(partRows('conclusion')),
      'planner/train.jsonl': jsonl(partRows('caller')),
    },
    'xlam-function-calling-60k': {
      'README.md':
        '---\nconfigs:\n- config_name: dataset\n  data_files:\n  - split: train\n    path: xlam_function_calling_60k.json\n---\n',
      'xlam_function_calling_60k.json': json(functionCallRows()),
    },
    'function-calling-chatml': { [shard()]: jsonl(chatmlCallRows()) },
    'agent-instruct-all-en': {
      'README.md': `---\nconfigs:\n- config_name: os\n  data_files:\n  - split: train\n    path: os/train.jsonl\n---\n`,
      'os/train.jsonl': jsonl(trajectoryRows()),
    },
    // The shorter of two ids of one repository.
    'damo-agent-zh': talks,
    'ms-agent': { 'train.jsonl': jsonl(pluginRows()) },
    'msagent-pro': { 'train.jsonl': jsonl(pluginRows()) },
    'ms-agent-for-agentfabric': {
      'new_train.jsonl': jsonl(pluginRows()),
      'addition.jsonl': jsonl(pluginRows().slice(1)),
    },
    'ms-agent-multirole': { 'train.jsonl': jsonl(chatRoomRows()) },
  };
}

function judgedFiles(): Readonly<Record<string, Files>> {
  const writers = { 'finance.jsonl': jsonl(writerRows()), 'medicine.jsonl': jsonl(writerRows().slice(1)) };
  return {
    'scidocs-reranking': {
      'test.jsonl.gz': gzipSync(jsonl(titleRows().slice(2))),
      'validation.jsonl.gz': gzipSync(jsonl(titleRows().slice(0, 2))),
    },
    'stackoverflowdupquestions-reranking': {
      'test.jsonl.gz': gzipSync(jsonl(titleRows().slice(0, 1))),
      'train.jsonl.gz': gzipSync(jsonl(titleRows())),
    },
    stsb: { [shard()]: jsonl(sentencePairs()), [shard('test')]: jsonl(sentencePairs().slice(1)) },
    'cls-fudan-news-zh': { 'train.csv': table(newsRows(), ',') },
    'cmnli-zh': {
      'cmnli/train.csv': table(entailmentRows(), ','),
      'cmnli/validation.csv': table(entailmentRows().slice(1), ','),
    },
    'jd-sentiment-zh': {
      'train.csv': table(reviewRows(), ','),
      'dev.csv': table(reviewRows().slice(1), ','),
    },
    'hc3-zh': { 'baike.jsonl': jsonl(writerRows()), ...writers },
    'hc3-en': writers,
  };
}

/** Files of each benchmark by its evaluator's id. */
export function benchmarkFiles(): Readonly<Record<'gsm8k' | 'arc', Files>> {
  return {
    gsm8k: {
      ...card('main', 'socratic'),
      [shard('train', 'main')]: jsonl(mathRows(40, 60)),
      [shard('test', 'main')]: jsonl(mathRows(20, 3)),
      [shard('test', 'socratic')]: jsonl([{ question: 'Not this one?', answer: '#### 0' }]),
    },
    arc: {
      ...card('ARC-Challenge', 'ARC-Easy'),
      [shard('train', 'ARC-Challenge')]: jsonl(choiceRows('challenge').slice(6)),
      [shard('test', 'ARC-Challenge')]: jsonl(choiceRows('challenge').slice(0, 6)),
      [shard('train', 'ARC-Easy')]: jsonl(choiceRows('easy').slice(6)),
      [shard('test', 'ARC-Easy')]: jsonl(choiceRows('easy').slice(0, 6)),
    },
  };
}
