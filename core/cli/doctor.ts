import { counted } from '../counted.js';
import { cpus, totalmem } from 'node:os';
import { isSwiftError } from '../errors.js';
import { usesHuggingFace } from '../hub/hub-options.js';
import { withoutSecrets } from '../hub/hub-errors.js';
import { createServices } from '../sdk/services.js';
import { matmulSpeed } from './matmul-speed.js';
import { noArguments } from './no-arguments.js';
import { TerminalLog } from './terminal.js';
import { packageVersion } from './version.js';

/** `swift doctor`: versions, the machine, and each backend with its measured matmul speed or why it is absent. */
export async function run(argv: readonly string[]): Promise<void> {
  noArguments('doctor', argv);
  const out = (line: string): boolean => process.stdout.write(`${line}\n`);
  const processors = cpus();
  out(`swift-ts ${packageVersion()}, Node ${process.version}, ${process.platform}-${process.arch}`);
  out(`${processors.length} x ${processors[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB`);
  const [hub, endpoint] = usesHuggingFace()
    ? ['Hugging Face', process.env.HF_ENDPOINT ?? 'https://huggingface.co']
    : ['ModelScope', process.env.MODELSCOPE_ENDPOINT ?? 'https://www.modelscope.cn'];
  out(
    `hub: ${hub}, ${withoutSecrets(endpoint)}${process.env.HF_HUB_OFFLINE ? ' (HF_HUB_OFFLINE is set)' : ''}`,
  );
  const { plugins } = createServices({
    use_hf: true,
    backend: 'onnxruntime',
    plugins: [],
    log: new TerminalLog(),
  });
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
