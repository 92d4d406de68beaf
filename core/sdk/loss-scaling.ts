/** What `--loss_scale` says: which answers are learned, and how much their tokens weigh. */
import { existsSync } from 'node:fs';
import type { LossScale, LossScaling } from '../contracts/loss-scale.js';
import type { Trainer } from '../contracts/trainer.js';
import { SwiftError } from '../errors.js';
import { readJsonObject } from '../io/json-file.js';
import type { Plugins } from '../registry/plugins.js';
import { checkLossScale } from '../template/check-loss-scale.js';

export interface LossScaleArguments {
  readonly loss_scale?: string | null;
  readonly use_loss_scale?: boolean | null;
}

/** What is learned of a row. */
export interface Learned {
  readonly supervise: Trainer['supervise'];
  readonly loss_scale?: LossScaling;
}

const STRATEGIES = ['default', 'last_round', 'all'];

/**
 * @param usual what the trainer learns where no strategy is named
 * @throws SwiftError UNKNOWN_PLUGIN, BAD_ARGUMENT
 */
export async function learnedOf(
  args: LossScaleArguments,
  usual: Trainer['supervise'],
  plugins: Plugins,
): Promise<Learned> {
  const named = nameOf(args);
  if (named === undefined) return { supervise: usual };
  if (usual === 'none') {
    throw new SwiftError('BAD_ARGUMENT', `--loss_scale ${named}: no token is learned here`, {
      cure: 'Leave it out: sequences are read as a whole.',
    });
  }
  const parts = named.split('+').map((part) => part.trim());
  const strategy = STRATEGIES.includes(parts[0]) ? parts.shift() : undefined;
  const late = parts.find((part) => STRATEGIES.includes(part));
  if (late !== undefined) {
    throw new SwiftError('BAD_ARGUMENT', `--loss_scale ${named}: '${late}' is not the first of them`, {
      cure: 'A strategy stands first, and there is one: last_round+hermes+ignore_empty_think.',
    });
  }
  const scales: LossScale[] = [];
  for (const part of parts) scales.push(await scaleOf(part, plugins));
  const supervise = strategy === undefined ? usual : strategy === 'all' ? 'all' : 'assistant';
  const last_round = strategy === 'last_round';
  return last_round || scales.length > 0 ? { supervise, loss_scale: { last_round, scales } } : { supervise };
}

/** @throws SwiftError BAD_ARGUMENT where SWIFT 2.4's switch says something else */
function nameOf({ loss_scale, use_loss_scale }: LossScaleArguments): string | undefined {
  const named = loss_scale ?? undefined;
  if (use_loss_scale === false && named !== undefined) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--use_loss_scale false and --loss_scale ${named} say opposite things`,
      {
        cure: 'Leave --use_loss_scale out; --loss_scale alone says it.',
      },
    );
  }
  return named ?? (use_loss_scale ? 'react' : undefined);
}

async function scaleOf(name: string, plugins: Plugins): Promise<LossScale> {
  if (name.endsWith('.json')) return checkLossScale(scaleIn(fileOf(name)), name);
  const { instance } = await plugins.resolve('loss-scale', name);
  const { response, query } = instance;
  return checkLossScale(query === undefined ? { response } : { response, query }, `loss scale '${name}'`);
}

function fileOf(path: string): Record<string, unknown> {
  if (existsSync(path)) return readJsonObject(path);
  throw new SwiftError('FILE_NOT_FOUND', `--loss_scale ${path} does not exist`, {
    cure: 'Name a file of rules, or an id; `swift list loss-scales` shows them.',
  });
}

/** A file holds rules for answers, or `response` and `query`; the weight of a question may stand in a list. */
function scaleIn(json: Record<string, unknown>): LossScale {
  if (!('response' in json)) return { response: json as LossScale['response'] };
  const { response, query } = json as unknown as LossScale;
  if (typeof query !== 'object' || query === null) return { response };
  const plain = Object.entries(query).map(([part, weight]) => [part, [weight].flat()[0]] as const);
  return { response, query: Object.fromEntries(plain) };
}
