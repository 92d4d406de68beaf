import type { BackendFlags } from '../config/plugin-flags.js';
import { pluginOptions } from '../config/plugin-options.js';
import type { Backend } from '../contracts/backend.js';
import type { Hub } from '../contracts/hub.js';
import type { Log } from '../contracts/log.js';
import { bind, createContainer, type Container } from '../di.js';
import { HuggingFaceHub } from '../hub/hugging-face-hub.js';
import { usesHuggingFace } from '../hub/hub-options.js';
import { ModelScopeHub } from '../hub/model-scope-hub.js';
import { ReportingHub } from '../hub/reporting-hub.js';
import type { HubName } from '../hub/resolve-source.js';
import { Catalog } from '../registry/catalog.js';
import { Plugins } from '../registry/plugins.js';
import { BACKEND, HUB, LOG } from '../tokens.js';

/** Everything a run depends on, put together in one place. */
export interface Services {
  readonly container: Container;
  readonly plugins: Plugins;
  /** Packages, folders and files of plugins that were named. */
  readonly named: readonly string[];
  readonly hubs: Readonly<Record<HubName, Hub>>;
  /** Which hub an id without a prefix is looked up in. */
  readonly useHf: boolean;
  readonly hub: Hub;
  readonly log: Log;
  /** The backend that was asked for, loaded on first use. */
  backend(): Promise<Backend>;
}

/** Beside these, what the backend takes. */
export interface ServiceOptions extends BackendFlags {
  readonly use_hf: boolean;
  readonly backend: string;
  readonly plugins: readonly string[];
  readonly log: Log;
}

/** The composition root: the container, the catalog of plugins, the hubs. */
export function createServices(options: ServiceOptions): Services {
  const { use_hf, backend, plugins: packages, log, ...flags } = options;
  const container = createContainer();
  const catalog = Catalog.discover(packages);
  for (const { message } of catalog.faults) log.warn(`left out of the plugins: ${message}`);
  const named = catalog.sources.slice(1, 1 + packages.length).map(({ name }) => name);
  const plugins = new Plugins(catalog, container, named, (name) => log.info(`plugins: code of ${name} runs`));
  const hubs = {
    hf: new ReportingHub(new HuggingFaceHub({ log }), log),
    ms: new ReportingHub(new ModelScopeHub({ log }), log),
  };
  const useHf = usesHuggingFace() && use_hf;
  const hub = useHf ? hubs.hf : hubs.ms;
  bind(container, HUB, hub);
  bind(container, LOG, log);
  let loading: Promise<Backend> | undefined;
  return {
    container,
    plugins,
    named: packages,
    hubs,
    useHf,
    hub,
    log,
    backend: () =>
      (loading ??= plugins.resolve('backend', backend).then(({ instance, meta }) => {
        instance.configure?.(pluginOptions(meta, flags));
        bind(container, BACKEND, instance);
        return instance;
      })),
  };
}
