/** Which answers to a question are kept. */

export interface SampleChoice {
  readonly n_best_to_keep: number;
  readonly prm_threshold: number;
  readonly easy_query_threshold: number | null;
}

export interface Worth {
  readonly text: string;
  /** NaN where nothing says anything. */
  readonly reward: number;
}

/** The best answers, the first of equal ones first and each text once, and the worst one, where that is worse than all of them. */
export function chosenAnswers<W extends Worth>(
  answers: readonly W[],
  { n_best_to_keep, prm_threshold, easy_query_threshold }: SampleChoice,
): { readonly kept: readonly W[]; readonly rejected?: W } {
  const above = answers.filter(({ reward }) => reward > prm_threshold);
  if (easy_query_threshold !== null && above.length >= easy_query_threshold * answers.length)
    return { kept: [] };
  const seen = new Set<string>();
  const once = above.filter(({ text }) => !seen.has(text) && seen.add(text));
  const ranked = once.sort((a, b) => b.reward - a.reward);
  const known = answers.filter(({ reward }) => !Number.isNaN(reward));
  const worst = known.reduce<W | undefined>(
    (least, one) => (least === undefined || one.reward < least.reward ? one : least),
    undefined,
  );
  const better = ranked.filter(({ reward }) => reward > worst!.reward);
  if (better.length === 0) return { kept: ranked.slice(0, n_best_to_keep) };
  return { kept: better.slice(0, n_best_to_keep), rejected: worst };
}
