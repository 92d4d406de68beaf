/**
 * Rows a second of encoding: our tokenizer alone, the Rust one (the npm package `tokenizers`, where
 * SWIFT_PEERS_NODE_MODULES has it), and ours with the checkpoint's own chat template and labels. Ids must be equal.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJinjaTemplate } from '../../core/template/index.js';
import { loadTokenizer } from '../../core/tokenizer/index.js';
import { withinTime } from '../../core/within-time.js';
import { median } from './row.js';

interface RustTokenizer {
  encode(text: string, pair: null, options: { addSpecialTokens: boolean }): Promise<{ getIds(): number[] }>;
}

const ROWS = 1000;
const RUNS = 5;

/** Conversations of one to three turns out of this project's documentation. */
function conversations(): { role: 'user' | 'assistant'; content: string }[][] {
  const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
  const text = readdirSync(docs).filter((name) => name.endsWith('.md'));
  const paragraphs = text
    .flatMap((name) => readFileSync(join(docs, name), 'utf8').split('\n\n'))
    .map((paragraph) => paragraph.trim())
    .filter(({ length }) => length > 80);
  const nth = (i: number): string => paragraphs[i % paragraphs.length];
  return Array.from({ length: ROWS }, (_, i) =>
    Array.from({ length: 1 + (i % 3) }, (_, turn) => [
      { role: 'user' as const, content: `${nth(7 * i + 3 * turn).slice(0, 400)} (${i})` },
      { role: 'assistant' as const, content: nth(11 * i + 5 * turn + 1).slice(0, 1200) },
    ]).flat(),
  );
}

/** @param folder with a tokenizer.json */
export async function benchEncode(folder: string): Promise<{ name: string; rows_per_s: number }[]> {
  const rows = conversations();
  const texts = rows.map((messages) => messages.map(({ content }) => content).join('\n'));
  const tokenizer = await loadTokenizer(folder);
  const inTime = (run: () => void): void => withinTime(1e6, run, () => new Error('too slow'));
  const tasks: [string, () => void | Promise<void>][] = [
    ['ours', () => inTime(() => texts.forEach((text) => tokenizer.encode(text)))],
  ];
  const rust = await rustTokenizer(join(folder, 'tokenizer.json'));
  if (rust === undefined) console.error('tokenizers (npm) is not in SWIFT_PEERS_NODE_MODULES: left out');
  else {
    const ids = async (text: string): Promise<number[]> =>
      (await rust.encode(text, null, { addSpecialTokens: false })).getIds();
    for (const text of texts) {
      if (String(await ids(text)) !== String(tokenizer.encode(text))) throw new Error(`other ids: ${text}`);
    }
    tasks.push([
      'tokenizers (npm), one thread',
      async () => {
        for (const text of texts) await ids(text);
      },
    ]);
  }
  if (tokenizer.chat_template !== undefined) {
    const template = await createJinjaTemplate(tokenizer);
    // Fresh messages each time: nothing is remembered of them.
    const encode = (): void =>
      rows.forEach((messages) => template.encode({ messages: structuredClone(messages) }, tokenizer));
    tasks.push(['ours with its chat template and labels', () => inTime(encode)]);
  }
  const times = tasks.map(() => [] as number[]);
  for (let run = 0; run < RUNS; run++) {
    for (const [i, [, task]] of tasks.entries()) {
      const started = performance.now();
      await task();
      times[i].push(performance.now() - started);
    }
  }
  return tasks.map(([name], i) => ({ name, rows_per_s: (1000 * ROWS) / median(times[i]) }));
}

async function rustTokenizer(file: string): Promise<RustTokenizer | undefined> {
  const modules = process.env.SWIFT_PEERS_NODE_MODULES;
  if (modules === undefined) return undefined;
  process.env.RAYON_NUM_THREADS ??= '1';
  try {
    const { Tokenizer } = createRequire(join(modules, 'package.json'))('tokenizers') as {
      Tokenizer: { fromFile(path: string): RustTokenizer };
    };
    return Tokenizer.fromFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
