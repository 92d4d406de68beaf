/**
 * `npm run parity [case …] [-- --json]`: how far every parity case is from its reference implementation. Exit code 1 when
 * one is farther than the tests allow. docs/PARITY.md shows the same, and what else is compared.
 */
import { alignColumns } from '../core/cli/table.js';
import { didYouMean } from '../core/errors.js';
import { backendOf } from '../parity/cases.js';
import { measureModel, modelCases, type ParityEntry } from '../parity/report.js';

const HEADINGS = [
  'CASE',
  'ARCHITECTURE',
  'LOGITS',
  'PADDED',
  'LOSS',
  'GRADIENTS',
  'GREEDY',
  'WITHIN',
  'ORACLE',
];

const words = process.argv.slice(2);
const wanted = words.filter((word) => word !== '--json');
const cases = modelCases();
const ids = cases.map(({ id }) => id);
const unknown = wanted.find((id) => !ids.includes(id));
if (unknown !== undefined) {
  console.error(`there is no parity case '${unknown}'. ${didYouMean(unknown, ids).join(' ')}`);
  process.exit(2);
}
const backend = await backendOf('onnxruntime');
const entries: ParityEntry[] = [];
for (const parity of cases) {
  if (wanted.length === 0 || wanted.includes(parity.id)) entries.push(await measureModel(parity, backend));
}
if (words.includes('--json')) console.log(JSON.stringify(entries, null, 1));
else for (const line of alignColumns([HEADINGS, ...entries.map(row)])) console.log(line);
if (entries.some(({ within }) => !within)) process.exitCode = 1;

function row({ id, architecture, distances, within, oracle }: ParityEntry): string[] {
  const { logits, padded, loss, gradients, generated, asked } = distances;
  const numbers = [logits, padded, loss, gradients].map((value) => value.toExponential(1));
  return [id, architecture, ...numbers, `${generated}/${asked}`, within ? 'yes' : 'NO', oracle];
}
