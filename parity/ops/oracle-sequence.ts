/** Mixtures of experts row by row, state-space models step by step. */
import type { Meaning } from './oracle.js';
import { at, fill, type Value } from './values.js';

/** Which group each row is in. */
function groupsOf(sizes: Value): number[] {
  return [...sizes.data].flatMap((size, group) => new Array<number>(size).fill(group));
}

const groupedMatmul: Meaning = (
  [x, sizes, ...weights],
  { transposed }: { transposed: boolean },
  [{ shape }],
) => {
  const groups = groupsOf(sizes);
  return [
    fill('float32', shape, ([row, f]) => {
      let sum = 0;
      for (let d = 0; d < x.shape[1]; d++) {
        sum += at(x, [row, d]) * at(weights[groups[row]], transposed ? [d, f] : [f, d]);
      }
      return sum;
    }),
  ];
};

const groupedOuter: Meaning = ([a, b, sizes], _, outputs) => {
  const groups = groupsOf(sizes);
  return outputs.map(({ shape }, group) =>
    fill('float32', shape, ([f, d]) =>
      groups.reduce((sum, own, row) => sum + (own === group ? at(a, [row, f]) * at(b, [row, d]) : 0), 0),
    ),
  );
};

/** h = exp(Δ·A)·h + Δ·x·B; y = C·h + D·x, for every state of `coordinates` on its own. */
function recurrence(
  start: Value,
  length: number,
  step: (index: readonly number[], t: number) => { decay: number; gain: number; read: number },
): { outputs: Map<string, number>; last: Value } {
  const outputs = new Map<string, number>();
  const last = fill('float32', start.shape, (index) => {
    let held = at(start, index);
    for (let t = 0; t < length; t++) {
      const { decay, gain, read } = step(index, t);
      held = decay * held + gain;
      const key = [...index.slice(0, -1), t].join();
      outputs.set(key, (outputs.get(key) ?? 0) + read * held);
    }
    return held;
  });
  return { outputs, last };
}

const selectiveScan: Meaning = ([x, delta, a, b, c, d, state]) => {
  const { outputs, last } = recurrence(state, x.shape[1], ([n, e, s], t) => {
    const dt = at(delta, [n, t, e]);
    return {
      decay: Math.exp(dt * at(a, [e, s])),
      gain: dt * at(b, [n, t, s]) * at(x, [n, t, e]),
      read: at(c, [n, t, s]),
    };
  });
  const y = fill(
    'float32',
    x.shape,
    ([n, t, e]) => outputs.get([n, e, t].join())! + at(d, [e]) * at(x, [n, t, e]),
  );
  return [y, last];
};

const ssd: Meaning = ([x, delta, a, b, c, d, state]) => {
  const perGroup = x.shape[2] / b.shape[2];
  const { outputs, last } = recurrence(state, x.shape[1], ([n, h, p, s], t) => {
    const group = Math.floor(h / perGroup);
    const dt = at(delta, [n, t, h]);
    return {
      decay: Math.exp(dt * at(a, [h])),
      gain: dt * at(b, [n, t, group, s]) * at(x, [n, t, h, p]),
      read: at(c, [n, t, group, s]),
    };
  });
  const y = fill(
    'float32',
    x.shape,
    ([n, t, h, p]) => outputs.get([n, h, p, t].join())! + at(d, [h]) * at(x, [n, t, h, p]),
  );
  return [y, last];
};

export const sequences: Readonly<Record<string, Meaning>> = {
  groupedMatmul,
  groupedOuter,
  selectiveScan,
  ssd,
};
