/** The example of docs/small-vision.md: its rows say what is on its pictures, its scores are right, and all of it runs. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../core/io/checkpoint.js';
import { pathAfter, ROOT, scratch, swift, TINY } from '../e2e/swift.js';

type Box = readonly [x1: number, y1: number, x2: number, y2: number];

interface Row {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly images: readonly [string];
  readonly objects?: { readonly ref: readonly string[]; readonly bbox: readonly Box[] };
}

const folder = scratch();

function script(...words: readonly string[]) {
  const options = ['-C', 'swift-source', '--import', 'tsx', 'scripts/small-vision/main.ts', ...words];
  return spawnSync(process.execPath, options, { cwd: ROOT, encoding: 'utf8' });
}

const linesOf = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

beforeAll(() => {
  expect(script('rows', folder, '40', '6')).toMatchObject({ status: 0, stderr: '' });
});

describe('rows', () => {
  test('boxes are what is drawn, to a pixel, and nothing else is', async () => {
    for (const { images, objects } of linesOf<Row>(join(folder, 'train.jsonl'))) {
      const left = await drawnPixels(join(folder, images[0]));
      for (const [x1, y1, x2, y2] of objects!.bbox) {
        const inside = left.filter(([x, y]) => x >= x1 && x < x2 && y >= y1 && y < y2);
        const [xs, ys] = [0, 1].map((axis) => inside.map((pixel) => pixel[axis]));
        const found = [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
        [x1, y1, x2, y2].forEach((edge, i) => expect(Math.abs(edge - found[i])).toBeLessThanOrEqual(1));
        left.splice(0, left.length, ...left.filter((pixel) => !inside.includes(pixel)));
      }
      expect(left).toEqual([]);
    }
  });

  test('those of one thing are a set of their own', () => {
    const all = linesOf<Row>(join(folder, 'train.jsonl'));
    const ones = linesOf<Row>(join(folder, 'one.jsonl'));
    expect(ones).toEqual(all.filter(({ objects }) => objects!.ref.length === 1));
    expect(ones.length).toBeGreaterThan(0);
  });

  test('answers in words are true', () => {
    const asked = new Set<string>();
    for (const { messages, objects } of linesOf<Row>(join(folder, 'train.jsonl'))) {
      const { ref, bbox } = objects!;
      const middleOf = (name: string, axis: number): number => {
        const box = bbox[ref.indexOf(name)];
        return (box[axis] + box[axis + 2]) / 2;
      };
      for (let i = 0; i < messages.length; i += 2) {
        const [question, answer] = [messages[i].content.replace('<image>', ''), messages[i + 1].content];
        const words = question.replace(/[.?]$/, '').split(' ');
        asked.add(words.slice(0, 2).join(' '));
        switch (words[1]) {
          case 'the':
            if (words[0] === 'Find') expect([question, answer]).toEqual(['Find the <ref-object>.', '<bbox>']);
            else {
              const [, name, other] = /^Is the (\w+ \w+) .* the (\w+ \w+)\?$/.exec(question)!;
              const axis = /left|right/.test(answer) ? 0 : 1;
              const isBefore = middleOf(name, axis) < middleOf(other, axis);
              expect(answer).toBe(
                [
                  ['left', 'right'],
                  ['above', 'below'],
                ][axis][isBefore ? 0 : 1],
              );
            }
            break;
          case 'many':
            expect(answer).toBe(String(bbox.length));
            break;
          case 'colour':
            expect(ref.filter((name) => name.endsWith(words[4]))).toEqual([`${answer} ${words[4]}`]);
            break;
          default:
            expect(ref.filter((name) => name.startsWith(words[4]))).toEqual([`${words[4]} ${answer}`]);
        }
      }
    }
    expect([...asked].sort()).toEqual(['Find the', 'How many', 'Is the', 'What colour', 'What shape']);
  });

  test('are the same each time; held-out pictures are others', () => {
    const again = scratch();
    expect(script('rows', again, '40', '6').status).toBe(0);
    const contents = (at: string, set: string): string[] => {
      const pictures = readdirSync(join(at, set)).sort();
      return [join(at, `${set}.jsonl`), ...pictures.map((name) => join(at, set, name))].map((path) =>
        readFileSync(path, 'base64'),
      );
    };
    for (const set of ['train', 'held-out']) expect(contents(again, set)).toEqual(contents(folder, set));
    const seen = new Set(contents(folder, 'train'));
    expect(contents(folder, 'held-out').filter((content) => seen.has(content))).toEqual([]);
  });
});

/** Places of pixels unlike the ground. */
async function drawnPixels(path: string): Promise<(readonly [x: number, y: number])[]> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const [, , channels] = [info.width, info.height, info.channels];
  return Array.from({ length: info.width * info.height }, (_, i) => i).flatMap((i) => {
    const isGround = [0, 1, 2].every((channel) => data[i * channels + channel] === data[channel]);
    return isGround ? [] : [[i % info.width, Math.floor(i / info.width)] as const];
  });
}

describe('scores', () => {
  const box = (image: string, place: Box): Row => ({
    messages: [
      { role: 'user', content: '<image>Find the <ref-object>.' },
      { role: 'assistant', content: '<bbox>' },
    ],
    images: [image],
    objects: { ref: ['red circle'], bbox: [place] },
  });
  const word = (image: string, question: string, answer: string): Row => ({
    messages: [
      { role: 'user', content: `<image>${question}` },
      { role: 'assistant', content: answer },
    ],
    images: [image],
  });
  const answer = (images: string, response: string, bbox?: readonly (readonly number[])[]) => ({
    response,
    images: [images],
    ...(bbox && { objects: { ref: [''], bbox } }),
  });
  const rows = [
    box('0.png', [10, 10, 30, 30]),
    box('1.png', [10, 10, 30, 30]),
    box('2.png', [10, 10, 30, 30]),
    word('3.png', 'How many things are there?', '2'),
    word('4.png', 'How many things are there?', '2'),
    word('5.png', 'How many things are there?', '3'),
    word('6.png', 'What colour is the circle?', 'red'),
  ];
  const answers = [
    answer('0.png', '', [[10, 10, 30, 30]]),
    answer('1.png', '', [[20, 10, 40, 30]]),
    answer('2.png', 'nowhere'),
    answer('3.png', '2'),
    answer('4.png', '1'),
    answer('5.png', '1'),
    answer('6.png', 'red'),
  ];
  const scored = (lines: readonly object[]) => {
    const at = scratch();
    writeFileSync(join(at, 'rows.jsonl'), jsonl(rows));
    writeFileSync(join(at, 'answers.jsonl'), jsonl(lines));
    return script('score', join(at, 'rows.jsonl'), join(at, 'answers.jsonl'));
  };

  test('the mean overlap of boxes and the share of right words, beside one answer to all', () => {
    const { stdout, stderr } = scored(answers);
    expect(stderr).toBe('');
    // 20 pixels of 40 by 20 that are shared by two boxes are a third of what both cover.
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['QUESTIONS', 'ROWS', 'SCORE', 'IOU>=0.5', 'BLIND'],
      ['boxes, IoU', '3', '0.444', '0.333', '1.000'],
      ['How many', '3', '0.333', '0.667'],
      ['What colour', '1', '1.000', '1.000'],
      ['all words', '4', '0.500', '0.750'],
    ]);
  });

  test('answers to other rows are refused', () => {
    expect(scored(answers.slice(1)).stderr).toContain('these are answers to other rows');
  });
});

test('a tower is made, trained, taken over, trained beside an adapter, asked and scored', async () => {
  const cwd = scratch();
  const run = (...words: readonly string[]) => {
    const { status, stdout, stderr } = swift(words, { cwd });
    expect(status, stderr).toBe(0);
    return stdout;
  };
  const train = (model: string, ...words: readonly string[]): string => {
    const rows = ['--dataset', `${join(folder, 'train.jsonl')}#8`, '--dataset_test_ratio', '0'];
    const steps = ['--max_steps', '2', '--batch_size', '4', '--gradient_accumulation_steps', '1'];
    return pathAfter('last_model_checkpoint', run('sft', '--model', model, ...rows, ...steps, ...words));
  };
  expect(script('model', TINY, join(cwd, 'fresh')).status).toBe(0);
  const taught = train('fresh', '--sft_type', 'full', '--freeze_vit', 'false', '--freeze_aligner', 'false');
  expect(script('model', TINY, join(cwd, 'taught'), taught).status).toBe(0);
  const [fresh, after, over] = await Promise.all(
    [join(cwd, 'fresh'), taught, join(cwd, 'taught')].map((path) => openCheckpoint(path)),
  );
  for (const name of fresh.names().filter((one) => one.startsWith('model.vision_model.'))) {
    const [before, trained, taken] = await Promise.all(
      [fresh, after, over].map((source) => source.readFloat32(name)),
    );
    expect(taken).toEqual(trained);
    // Within blocks that add nothing yet, only what they add is moved at first.
    if (/embedding\.weight$|out_proj\.weight$/.test(name)) expect(trained, name).not.toEqual(before);
  }
  await Promise.all([fresh, after, over].map((source) => source.close()));
  const ckpt = train('taught', '--modules_to_save', 'connector');
  const heldOut = join(folder, 'held-out.jsonl');
  run(
    ...['infer', '--ckpt_dir', ckpt, '--val_dataset', heldOut, '--temperature', '0'],
    ...['--max_new_tokens', '4', '--result_dir', 'answers'],
  );
  const [answers] = readdirSync(join(cwd, 'answers'));
  const { stdout } = script('score', heldOut, join(cwd, 'answers', answers));
  expect(stdout).toMatch(/^boxes, IoU +6 /m);
  expect(stdout).toMatch(/^all words +6 /m);
}, 120_000);
