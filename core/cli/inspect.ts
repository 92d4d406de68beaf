import { counted } from '../counted.js';
import { readArguments } from './read-arguments.js';
import { SwiftError } from '../errors.js';
import { SeenRows } from '../data/index.js';
import { loadDatasets } from '../sdk/datasets.js';
import { encodeRows } from '../sdk/encode-rows.js';
import { learnedOf } from '../sdk/loss-scaling.js';
import { mediaFilesOf } from '../sdk/media-files.js';
import { createServices } from '../sdk/services.js';
import { loadingOptions } from '../sdk/train-arguments.js';
import { locateSight, locateTemplate } from '../model/locate-model.js';
import { paint, TerminalLog } from './terminal.js';

/** Characters of a stretch that a terminal shows. */
const LONGEST = 2000;

/** `swift inspect`: one encoded sample as the model sees it: supervised tokens green, in other colours where they weigh other than 1. */
export async function run(argv: readonly string[]): Promise<void> {
  const log = new TerminalLog();
  const args = await readArguments('inspect', argv, log);
  const services = createServices({ ...args, log });
  const located = await locateTemplate(loadingOptions(args, services), services);
  const { template, templateId } = located;
  const sight = await locateSight(located, services);
  const { tokenizer } = sight ?? located;
  const files = sight && mediaFilesOf(sight, args.max_pixels);
  const { train } = await loadDatasets({ ...args, val_dataset: [], dataset_test_ratio: 0 }, services);
  const { samples } = await encodeRows('training', train, args, {
    template,
    tokenizer,
    ...(await learnedOf(args, args.supervise, services.plugins)),
    seen: files && new SeenRows(files),
    services,
  });
  const sample = samples[args.row];
  if (!sample) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--row ${args.row}: the data hold ${counted(samples.length, 'sample')}`,
      {
        cure: `Rows count from 0 to ${samples.length - 1}.`,
      },
    );
  }
  const [input_ids, labels] = [Array.from(sample.input_ids), Array.from(sample.labels)];
  const out = process.stdout;
  for (let start = 0, end: number; start < input_ids.length; start = end) {
    const weight = weightAt(start);
    for (end = start; end < input_ids.length && weightAt(end) === weight;) end++;
    const text = folded(tokenizer.decode(input_ids.slice(start, end)));
    out.write(weight > 0 ? mark(text, weight) : paint(text, 'dim', out));
  }
  const learned = labels.filter((label) => label >= 0).length;
  const weights = [...new Set(input_ids.map((_, i) => weightAt(i)))].filter((weight) => weight > 0);
  out.write(
    `\n\ntemplate ${templateId}: ${counted(input_ids.length, 'token')}, ${learned} supervised (marked)\n`,
  );
  for (const weight of weights.length > 1 ? weights.sort((a, b) => a - b) : []) {
    const count = input_ids.filter((_, i) => weightAt(i) === weight).length;
    out.write(`weight ${weight}: ${counted(count, 'token')} ${mark(`weighs ${weight}`, weight)}\n`);
  }
  out.write(`input_ids ${folded(JSON.stringify(input_ids))}\nlabels    ${folded(JSON.stringify(labels))}\n`);
  if (sample.loss_scale) out.write(`loss_scale ${folded(JSON.stringify(sample.loss_scale))}\n`);

  /** On a terminal, the middle of what would scroll it away is left out; something else that reads gets all. */
  function folded(text: string): string {
    if (!out.isTTY || text.length <= LONGEST) return text;
    const half = LONGEST / 2;
    const rest = text.length - 2 * half;
    return `${text.slice(0, half)} … ${rest} characters … ${text.slice(-half)}`;
  }

  /** Of a token's cross entropy; 0 of one that is not learned. */
  function weightAt(i: number): number {
    return labels[i] < 0 ? 0 : (sample.loss_scale?.[i] ?? 1);
  }

  /** In colour on a terminal, by whether it weighs 1, more or less; in brackets elsewhere. */
  function mark(text: string, weight: number): string {
    const painted = paint(text, weight === 1 ? 'green' : weight > 1 ? 'yellow' : 'cyan', out);
    const weighed = weight === 1 ? '' : `×${weight}`;
    return painted === text ? `⟦${text}⟧${weighed}` : painted;
  }
}
