/** Cross entropy of answers token by token, for what asks more of it than its sum. */
import {
  argument,
  type Group,
  type Objective,
  type ObjectiveResult,
  type StandardRow,
  type StepTotals,
  type Sum,
  type Told,
  type TokenQuantity,
  type ValuesOf,
} from 'swift-ts/plugin';

export const tokenLossArguments = {
  enable_dft_loss: argument.bool({
    default: false,
    help: 'weigh the cross entropy of each token by its probability (dynamic fine-tuning)',
  }),
  enable_channel_loss: argument.bool({
    default: false,
    help: "log the mean loss of each channel: rows' column channel",
  }),
} as const;

export type TokenLossOptions = ValuesOf<typeof tokenLossArguments>;

/** None where plain cross entropy will do, whose head runs forward and back at once. */
export function tokenLoss(options: TokenLossOptions): Objective | undefined {
  return options.enable_dft_loss || options.enable_channel_loss ? new TokenLoss(options) : undefined;
}

/**
 * The mean over the tokens of a step of −log p, or, in dynamic fine-tuning (Wu et al., 2025, arXiv 2508.05629), of −p·log p with p held still: the
 * gradient by log p is −1, or −p.
 */
class TokenLoss implements Objective {
  readonly quantities: readonly TokenQuantity[] = ['logp', 'correct'];
  readonly reference = false;
  readonly packs = true;

  constructor(private readonly options: TokenLossOptions) {}

  sequences(row: StandardRow): readonly [StandardRow] {
    return [row];
  }

  loss(groups: readonly Group[], _told: readonly Told[], step: StepTotals): ObjectiveResult {
    const { enable_dft_loss, enable_channel_loss } = this.options;
    // What is returned is divided by the groups of the step.
    const scale = step.groups / Math.max(1, step.tokens);
    const weight = (logp: number): number => (enable_dft_loss ? Math.exp(logp) : 1);
    const losses = groups.map(([{ values }]) => sum(values.logp, (logp) => -weight(logp) * logp));
    const channels = new Map<string, Sum>();
    groups.forEach(([{ channel = 'None', values }], i) => {
      const name = `loss_${channel}`;
      const before = channels.get(name) ?? { sum: 0, count: 0 };
      channels.set(name, { sum: before.sum + losses[i], count: before.count + values.logp.length });
    });
    const correct = groups.map(([{ values }]) => sum(values.correct, (one) => one));
    const tokens = groups.map(([{ values }]) => values.correct.length);
    const token_acc = { sum: sum(correct, (one) => one), count: sum(tokens, (one) => one) };
    return {
      loss: scale * sum(losses, (one) => one),
      cotangents: groups.map(([{ values }]) => [values.logp.map((logp) => -scale * weight(logp))]),
      metrics: { token_acc, ...(enable_channel_loss && Object.fromEntries(channels)) },
    };
  }
}

function sum(values: Iterable<number>, of: (value: number) => number): number {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}
