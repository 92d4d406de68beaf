import { counted } from '../counted.js';
import { cpus, totalmem } from 'node:os';
import { bind, createContainer } from '../di.js';
import { isSwiftError } from '../errors.js';
import { endpointOf, usesHuggingFace } from '../hub/hub-options.js';
import { withoutSecrets } from '../hub/hub-errors.js';
import { findFfmpeg } from '../io/ffmpeg/find-ffmpeg.js';
import { Catalog } from '../registry/catalog.js';
import { Plugins } from '../registry/plugins.js';
import { cachedFiles, MOST_CACHED, sampleCacheFolder } from '../sdk/encoding/sample-cache.js';
import { LOG } from '../tokens.js';
import { matmulSpeed } from './matmul-speed.js';
import { noArguments } from './no-arguments.js';
import { TerminalLog } from './terminal.js';
import { packageVersion } from '../version.js';

/** `swift doctor`: versions, the machine, and each backend with its measured matmul speed or why it is absent. */
export async function run(argv: readonly string[]): Promise<void> {
  noArguments('doctor', argv);
  const out = (line: string): boolean => process.stdout.write(`${line}\n`);
  const processors = cpus();
  out(`swift-ts ${packageVersion()}, Node ${process.version}, ${process.platform}-${process.arch}`);
  out(`${processors.length} x ${processors[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB`);
  out(`hub: ${hubLine()}`);
  out(`encoded rows: ${await cacheLine()}`);
  out(`ffmpeg, for sound and video: ${await ffmpegLine()}`);
  // Without hubs, which refuse an endpoint that is none: the line above says so.
  const log = new TerminalLog();
  const container = createContainer();
  bind(container, LOG, log);
  const catalog = Catalog.discover();
  for (const { message } of catalog.faults) log.warn(`left out of the plugins: ${message}`);
  const plugins = new Plugins(catalog, container);
  for (const { name, manifest } of plugins.catalog.sources) {
    const kinds = Object.entries(manifest.plugins).map(
      ([kind, entries]) => [kind, Object.keys(entries)] as const,
    );
    const counts = kinds.map(([kind, { length }]) => counted(length, kind));
    out(`plugins of ${name}: ${counts.join(', ')}`);
  }
  for (const { id, source } of plugins.catalog.list('backend')) {
    if (source.name !== 'swift-ts') {
      out(`backend ${id}: of the package ${source.name}, not tried`);
      continue;
    }
    const { instance } = await plugins.resolve('backend', id);
    try {
      const device = await instance.describe();
      const { rate, size } = await matmulSpeed(instance);
      out(`backend ${id}: ${device}; ${Number(rate.toPrecision(3))} GFLOP/s (float32 matmul ${size})`);
    } catch (error) {
      if (!isSwiftError(error)) throw error;
      out(`backend ${id}: not available: ${[error.message, ...error.cure].join('. ')}`);
    }
  }
}

/** Where rows that are encoded are kept, and how much that is. */
async function cacheLine(): Promise<string> {
  const folder = sampleCacheFolder();
  const files = await cachedFiles(folder).catch((error: unknown) => String(error));
  if (typeof files === 'string') return `${folder}: ${files}`;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  const held = gib(files.reduce((sum, { size }) => sum + size, 0));
  return `${folder}, ${held} in ${counted(files.length, 'file')}, ${gib(MOST_CACHED)} at most`;
}

/** Where it is, or why it is not there. */
async function ffmpegLine(): Promise<string> {
  try {
    return await findFfmpeg();
  } catch (error) {
    if (!isSwiftError(error)) throw error;
    return `not available: ${[error.message, ...error.cure].join('. ')}`;
  }
}

/** Where repositories come from, and what is wrong with that. */
function hubLine(): string {
  let line = '';
  try {
    const [hub, variable, usual] = usesHuggingFace()
      ? ['Hugging Face', 'HF_ENDPOINT', 'https://huggingface.co']
      : ['ModelScope', 'MODELSCOPE_ENDPOINT', 'https://www.modelscope.cn'];
    const endpoint = process.env[variable] ?? usual;
    line = `${hub}, ${withoutSecrets(endpoint)}${process.env.HF_HUB_OFFLINE ? ' (HF_HUB_OFFLINE is set)' : ''}`;
    endpointOf(variable, endpoint);
    return line;
  } catch (error) {
    if (!isSwiftError(error)) throw error;
    return [...(line === '' ? [] : [line]), `not usable: ${[error.message, ...error.cure].join('. ')}`].join(
      ': ',
    );
  }
}
