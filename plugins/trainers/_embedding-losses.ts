/** Losses over the embeddings of a step's rows, with their gradients: each row is an anchor, what belongs to it, and what does not. */
import { addScaled, dot } from './_vectors.js';

export const EMBEDDING_LOSSES = [
  'infonce',
  'cosine_similarity',
  'contrastive',
  'online_contrastive',
  'cosent',
  'triplet',
] as const;
export type EmbeddingLoss = (typeof EMBEDDING_LOSSES)[number];

/** Losses of an anchor, what belongs to it, and what does not. */
export const RANKED_LOSSES: readonly EmbeddingLoss[] = ['infonce', 'triplet'];
/** Losses of a pair and how alike it is. */
export type PairLoss = Exclude<EmbeddingLoss, 'infonce' | 'triplet'>;

/** Of length 1: anchor, positive, negatives. */
export interface EmbeddedRow {
  readonly vectors: readonly Float64Array[];
  /** How alike anchor and positive are; of pairs. */
  readonly label: number;
}

/** Of one row of a step: the step's loss is the mean over its rows. */
export interface RowLoss {
  loss: number;
  /** Of the sum of the rows' losses, by each vector of this row. */
  readonly gradients: readonly Float64Array[];
  /** Cosines with what belongs to the anchor. */
  readonly positives: readonly number[];
  /** With what does not. */
  readonly negatives: readonly number[];
}

const nothing = ({ vectors }: EmbeddedRow): Float64Array[] =>
  vectors.map(({ length }) => new Float64Array(length));

/** How near two vectors should be at most where they do not belong together, as 1 − cosine. */
const MARGIN = 0.5;

/** Of a pair's cosine. */
interface PairSlope {
  readonly loss: number;
  readonly slope: number;
}

/** (cos − y)². */
const squared = (cosine: number, label: number): PairSlope => ({
  loss: (cosine - label) ** 2,
  slope: 2 * (cosine - label),
});

/** ½·(y·D² + (1 − y)·max(0, ½ − D)²) with D = 1 − cos (Hadsell et al., 2006). */
function contrast(cosine: number, label: number): PairSlope {
  const distance = 1 - cosine;
  const near = Math.max(0, MARGIN - distance);
  return {
    loss: 0.5 * (label * distance ** 2 + (1 - label) * near ** 2),
    slope: -label * distance + (1 - label) * near,
  };
}

/**
 * Twice that of the hard pairs alone, as a sum over the step: positives farther apart than the nearest negative, negatives nearer than the
 * farthest positive. Where there are not two of the other kind, those beyond the mean of their own.
 */
function hardPairs(
  rows: readonly { readonly cosine: number; readonly label: number }[],
): readonly PairSlope[] {
  const distances = (label: number): number[] =>
    rows.filter((row) => row.label === label).map(({ cosine }) => 1 - cosine);
  const [negatives, positives] = [distances(0), distances(1)];
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  const farthest = positives.length > 1 ? Math.max(...positives) : mean(negatives);
  const nearest = negatives.length > 1 ? Math.min(...negatives) : mean(positives);
  return rows.map(({ cosine, label }) => {
    const distance = 1 - cosine;
    const isHard = label === 1 ? distance > nearest : distance < farthest;
    const { loss, slope } = contrast(cosine, label);
    const scale = isHard ? 2 * rows.length : 0;
    return { loss: scale * loss, slope: scale * slope };
  });
}

/** What differences of cosines are multiplied by. */
const COSENT_SCALE = 20;

/**
 * CoSENT (Su, 2022, https://kexue.fm/archives/8847): log(1 + Σ exp(20·(cos_i − cos_j))) over all pairs of a step of which i is less alike
 * than j; a loss of the step, so each row's is the whole.
 */
function ordered(rows: readonly { readonly cosine: number; readonly label: number }[]): readonly PairSlope[] {
  const pairs = rows.flatMap((less, i) =>
    rows.flatMap((more, j) =>
      less.label < more.label ? [{ i, j, wrong: COSENT_SCALE * (less.cosine - more.cosine) }] : [],
    ),
  );
  const top = pairs.reduce((most, { wrong }) => Math.max(most, wrong), 0);
  const all = pairs.reduce((sum, { wrong }) => sum + Math.exp(wrong - top), Math.exp(-top));
  const loss = top + Math.log(all);
  const slopes = new Float64Array(rows.length);
  for (const { i, j, wrong } of pairs) {
    const slope = (rows.length * COSENT_SCALE * Math.exp(wrong - top)) / all;
    slopes[i] += slope;
    slopes[j] -= slope;
  }
  return rows.map((_, i) => ({ loss, slope: slopes[i] }));
}

function slopesOf(pairs: Parameters<typeof ordered>[0], kind: PairLoss): readonly PairSlope[] {
  if (kind === 'online_contrastive') return hardPairs(pairs);
  if (kind === 'cosent') return ordered(pairs);
  const of = kind === 'cosine_similarity' ? squared : contrast;
  return pairs.map(({ cosine, label }) => of(cosine, label));
}

/** Losses of pairs that are alike to a degree. */
export function pairLosses(rows: readonly EmbeddedRow[], kind: PairLoss): RowLoss[] {
  const pairs = rows.map(({ vectors: [anchor, other], label }) => ({ cosine: dot(anchor, other), label }));
  const slopes = slopesOf(pairs, kind);
  return rows.map((row, i) => {
    const { loss, slope } = slopes[i];
    const gradients = nothing(row);
    addScaled(gradients[0], row.vectors[1], slope);
    addScaled(gradients[1], row.vectors[0], slope);
    const { cosine, label } = pairs[i];
    return {
      loss,
      gradients,
      positives: label >= 0.5 ? [cosine] : [],
      negatives: label >= 0.5 ? [] : [cosine],
    };
  });
}

/**
 * max(0, d(a, p) − d(a, n) + margin) with d = 1 − cos, mean over a row's negatives (Schroff et al., 2015, arXiv 1503.03832, whose d
 * is twice that).
 */
export function tripletLosses(rows: readonly EmbeddedRow[], margin: number): RowLoss[] {
  return rows.map((row) => {
    const [anchor, positive, ...others] = row.vectors;
    const gradients = nothing(row);
    const near = dot(anchor, positive);
    const negatives = others.map((other) => dot(anchor, other));
    const share = 1 / others.length;
    let loss = 0;
    others.forEach((other, i) => {
      const short = negatives[i] - near + margin;
      if (short <= 0) return;
      loss += share * short;
      addScaled(gradients[0], other, share);
      addScaled(gradients[0], positive, -share);
      addScaled(gradients[1], anchor, -share);
      addScaled(gradients[i + 2], anchor, share);
    });
    return { loss, gradients, positives: [near], negatives };
  });
}

export interface ContrastOptions {
  readonly temperature: number;
  /** Whether what belongs to other rows of the step does not belong to a row. */
  readonly batch: boolean;
  /** So many negatives of each row: repeated where it has fewer. */
  readonly negatives: number | null;
  /** Above this beyond the positive's cosine, a negative is taken for a positive, and left out. */
  readonly mask: number | null;
  /** Whether anchors are held against other anchors. */
  readonly anchors: boolean;
  /** Whether positives are held against all that others are held against. */
  readonly documents: boolean;
}

/** A vector of a row, and where its gradient goes. */
interface Held {
  readonly vector: Float64Array;
  readonly gradient: Float64Array;
}

/** A cosine that the positive's is held against. */
interface Term {
  readonly a: Held;
  readonly b: Held;
  readonly cosine: number;
}

/** InfoNCE (van den Oord et al., 2018, arXiv 1807.03748): cross entropy of the positive among all, of cosines over a temperature. */
export function contrastLosses(rows: readonly EmbeddedRow[], options: ContrastOptions): RowLoss[] {
  const held = rows.map((row) => {
    const gradients = nothing(row);
    const [anchor, positive, ...own] = row.vectors.map((vector, i): Held => ({
      vector,
      gradient: gradients[i],
    }));
    const count = options.negatives ?? own.length;
    const negatives = Array.from({ length: count }, (_, i) => own[i % own.length]);
    return { anchor, positive, negatives, gradients };
  });
  const documents = held.flatMap(({ positive, negatives }) => [positive, ...negatives]);
  return held.map(({ anchor, positive, negatives, gradients }) => {
    const termOf =
      (a: Held) =>
      (b: Held): Term => ({ a, b, cosine: dot(a.vector, b.vector) });
    const wanted = termOf(anchor)(positive);
    const others = (options.batch ? documents : negatives)
      .filter((one) => one !== positive)
      .map(termOf(anchor));
    const anchors = options.anchors
      ? held.filter((one) => one.anchor !== anchor).map((one) => termOf(anchor)(one.anchor))
      : [];
    const beside = options.documents ? documents.filter((one) => one !== positive).map(termOf(positive)) : [];
    const most = options.mask === null ? Infinity : wanted.cosine + options.mask;
    const kept = [...others, ...anchors].filter(({ cosine }) => cosine <= most);
    const terms = [wanted, ...kept, ...beside];
    const logits = terms.map(({ cosine }) => cosine / options.temperature);
    const top = Math.max(...logits);
    const log = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
    terms.forEach(({ a, b }, i) => {
      const slope = (Math.exp(logits[i] - log) - (i === 0 ? 1 : 0)) / options.temperature;
      addScaled(a.gradient, b.vector, slope);
      addScaled(b.gradient, a.vector, slope);
    });
    const cosines = others.map(({ cosine }) => cosine);
    return { loss: log - logits[0], gradients, positives: [wanted.cosine], negatives: cosines };
  });
}
