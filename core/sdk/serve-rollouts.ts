/** `swift rollout`: from arguments to a server that answers for runs which train elsewhere. */
import type { CommandValues } from '../config/command-line.js';
import { counted } from '../counted.js';
import { SeededRandom } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { sameShape } from '../graph/index.js';
import { LiveAnswers } from '../infer/live-answers.js';
import { describedModel } from '../job/build-job.js';
import { loadModel, type LoadedModel } from '../model/load-model.js';
import { widenTrained } from '../model/widen-trained.js';
import { writesNoText } from '../model/wordless.js';
import type { ModelFacts, RolloutSetup } from '../rollout/messages.js';
import { RolloutServer, type HostedModel } from '../rollout/server.js';
import { fingerprintModel } from '../train/fingerprints.js';
import { trainedOf } from '../train/trained-parameters.js';
import { packageVersion } from '../version.js';
import type { Services } from './services.js';
import { loadingOptions } from './train-arguments.js';

export type RolloutArguments = CommandValues<'rollout'>;

export interface ServeHooks {
  /** Told its address. */
  readonly onListening?: (url: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Serves until the signal. @throws SwiftError for a model that cannot be had, and an address that cannot */
export async function serveRollouts(
  args: RolloutArguments,
  services: Services,
  { onListening, signal }: ServeHooks,
): Promise<void> {
  const host = await RolloutHost.open(args, services);
  const { model } = host;
  const server = await RolloutServer.open({
    ...args,
    model,
    log: services.log,
    check: (setup) => host.check(setup),
    begin: (setup) => host.begin(setup),
  });
  onListening?.(server.url);
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await server.close();
}

/** The model of a server: for each run it is loaded anew, and tuned as the run tunes its own. */
class RolloutHost {
  private constructor(
    private readonly args: RolloutArguments,
    private readonly services: Services,
    private readonly facts: Required<Pick<ModelFacts, 'base'>> & ModelFacts,
    private loaded: LoadedModel | undefined,
  ) {}

  static async open(args: RolloutArguments, services: Services): Promise<RolloutHost> {
    const loaded = await load(args, services);
    if (!loaded.model.writes) throw writesNoText(loaded.model);
    if (loaded.model.tower) {
      throw new SwiftError('BAD_ARGUMENT', `${loaded.name} sees, and pictures are not sent to a server`, {
        cure: 'Leave --rollout_url out: the run writes its answers itself.',
      });
    }
    const { template, agent, codec, dtype, quantized, patchers } = await describedModel(
      loaded,
      args,
      services.plugins,
    );
    const base = await fingerprintModel(loaded.path);
    const { compute_precision } = args;
    const facts = { template, agent, codec, dtype, quantized, patchers, compute_precision, base };
    return new RolloutHost(args, services, facts, loaded);
  }

  get model(): string {
    return this.args.model_type ?? this.args.model_id_or_path ?? '';
  }

  check({ version, model }: RolloutSetup): void {
    if (version !== packageVersion()) {
      throw new SwiftError(
        'SERVER_REFUSED',
        `the server is version ${packageVersion()}, the run ${version}`,
        {
          cure: 'Take the same version on both sides.',
        },
      );
    }
    checkFacts(this.facts, model);
  }

  async begin({ tuner, seed, parameters, wanted }: RolloutSetup): Promise<HostedModel> {
    const { services, args } = this;
    const loaded = this.loaded ?? (await load(args, services));
    this.loaded = undefined;
    const { instance } = await services.plugins.resolve('tuner', tuner.id);
    await instance.apply(loaded.model, tuner.options, SeededRandom.stream(seed, 'initialization'));
    widenTrained(loaded.model, services.log);
    const trained = new Map(trainedOf(loaded.model));
    for (const [, parameter] of trained) parameter.tuned = true;
    const values = parameters.map(([name, shape]) => {
      const parameter = trained.get(name);
      if (!parameter || !sameShape(parameter.shape, shape))
        throw otherModel(`'${name}' [${shape}] does not train here`);
      return parameter.data!;
    });
    if (values.length !== trained.size)
      throw otherModel(`${counted(trained.size, 'tensor')} here, and ${values.length} there`);
    const live = new LiveAnswers(loaded, await services.backend(), wanted, { slots: args.max_batch_size });
    return {
      values,
      answer: (draws, signal) => live.answer(draws, signal),
      release: () => live.release(),
    };
  }
}

const load = (args: RolloutArguments, services: Services): Promise<LoadedModel> =>
  loadModel({ ...loadingOptions(args, services), compute_precision: args.compute_precision }, services);

/** @throws SwiftError BAD_ARGUMENT naming what is not alike */
function checkFacts(own: ModelFacts, wanted: ModelFacts): void {
  if (wanted.base !== undefined && wanted.base !== own.base) throw otherModel('its weight files are others');
  for (const name of [
    'template',
    'agent',
    'codec',
    'dtype',
    'quantized',
    'patchers',
    'compute_precision',
  ] as const) {
    const [here, there] = [own[name], wanted[name]].map((one) => JSON.stringify(one) ?? 'none');
    if (here !== there) throw otherModel(`${name} is ${here} here, ${there} in the run`);
  }
}

const otherModel = (fault: string): SwiftError =>
  new SwiftError('BAD_ARGUMENT', `the server's model is not the run's: ${fault}`, {
    cure: 'Start swift rollout with the same model, and the same arguments that say how it is held.',
  });
