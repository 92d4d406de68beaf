import { IGNORE_INDEX, type Ids, type Sample } from '../contracts/template.js';
import { sequencesOf } from './sequences.js';

/**
 * The prompts of samples with the answers of others: each gets those of the sample before it, the first those of the last.
 * A sample alone keeps its own.
 * @param longest tokens that a sequence may have; an answer that does not fit is cut at its end
 */
export function mismatched(samples: readonly Sample[], longest: number): Sample[] {
  return samples.map((sample, i) => {
    const answers = sequencesOf(samples.at(i - 1)!);
    const [first, ...partners] = sequencesOf(sample).map((sequence, s) =>
      withAnswer(sequence, answers[s % answers.length], longest),
    );
    return partners.length === 0 ? first : { ...first, partners };
  });
}

function withAnswer({ input_ids, labels, media }: Sample, other: Sample, longest: number): Sample {
  const start = answerStart(labels);
  const from = answerStart(other.labels);
  const end = from + longest - start;
  const joined = (before: Ids, after: Ids): Int32Array =>
    Int32Array.from([...before.slice(0, start), ...after.slice(from, end)]);
  const ids = { input_ids: joined(input_ids, other.input_ids), labels: joined(labels, other.labels) };
  return media ? { ...ids, media } : ids;
}

/** Where the first supervised token stands. */
function answerStart(labels: Ids): number {
  return labels.findIndex((label) => label !== IGNORE_INDEX);
}
