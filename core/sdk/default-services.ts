/** Services as the command line would have them. */
import { argumentsOf } from '../config/plugin-arguments.js';
import { checkValue } from '../config/resolve.js';
import type { Log } from '../contracts/log.js';
import { SwiftError } from '../errors.js';
import { requireOptions } from './check-given.js';
import { inOptionsNow, onlyOptions } from './options.js';
import { createServices, type ServiceOptions, type Services } from './services.js';

/** What a program does not follow is silent, but no warning is lost. */
export const WARNINGS: Log = { info: () => undefined, warn: (message) => process.emitWarning(message) };

/** Services with the defaults of the command line; say only what differs. */
export function services(options: Partial<ServiceOptions> = {}): Services {
  return inOptionsNow(() => checkedServices(options));
}

function checkedServices(options: Partial<ServiceOptions>): Services {
  requireOptions('services', options, '{ use_hf: false }');
  const own = servicesOf(options);
  const { catalog } = own.plugins;
  const id = options.backend ?? SERVICES.backend;
  const backend = catalog.has('backend', id) ? argumentsOf('backend', catalog.find('backend', id)) : {};
  onlyOptions('services', options, [...Object.keys(SERVICES), ...Object.keys(backend)]);
  for (const [name, argument] of Object.entries(backend)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    const checked = value === undefined ? undefined : checkValue(argument, value, name);
    if (checked instanceof SwiftError) throw checked;
  }
  return own;
}

const SERVICES = { use_hf: true, backend: 'onnxruntime', plugins: [], log: WARNINGS } as const;

/** The services that a command's arguments ask for. */
export function servicesOf(args: Partial<ServiceOptions>): Services {
  const set = Object.entries(args).filter(([, value]) => value !== undefined);
  return createServices({ ...SERVICES, ...Object.fromEntries(set) });
}
