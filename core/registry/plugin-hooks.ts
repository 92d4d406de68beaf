/**
 * Hooks of Node's module loader for plugins that are files: `swift-ts` is the copy that runs, and TypeScript is compiled.
 * They run in a thread of the loader's own and import nothing of this package.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';

/** What the hooks are told. */
export interface HookData {
  /** URL of this package's folder of modules, which they leave alone. */
  readonly root: string;
  /** What `swift-ts` and its parts are. */
  readonly own: Readonly<Record<string, string>>;
  /** Where TypeScript is installed, if it is. */
  readonly typescript?: string;
}

interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean;
}

interface Loaded {
  readonly format: string;
  readonly source?: string;
  readonly shortCircuit?: boolean;
}

type Next<C, R> = (specifier: string, context: C) => Promise<R>;

let data: HookData = { root: '', own: {} };

export function initialize(given: HookData): void {
  data = given;
}

export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: Next<object, Resolved>,
): Promise<Resolved> {
  const { parentURL = '' } = context;
  const isOurs = parentURL.startsWith(data.root);
  if (!isOurs && Object.hasOwn(data.own, specifier)) return { url: data.own[specifier], shortCircuit: true };
  // TypeScript names the file that a module becomes.
  const source = specifier.replace(/\.(m?)js$/, '.$1ts');
  if (isOurs || !isTypeScript(parentURL) || !/^\.\.?\//.test(specifier) || source === specifier)
    return next(specifier, context);
  return next(source, context).catch(() => next(specifier, context));
}

export async function load(url: string, context: object, next: Next<object, Loaded>): Promise<Loaded> {
  if (!isTypeScript(url) || url.startsWith(data.root)) return next(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: compiled(await readFile(path, 'utf8'), path), shortCircuit: true };
}

function isTypeScript(url: string): boolean {
  return url.startsWith('file:') && /\.m?ts$/.test(url);
}

function compiled(text: string, fileName: string): string {
  if (data.typescript === undefined) throw new Error(`${fileName} needs TypeScript, which is not installed`);
  const compiler = createRequire(import.meta.url)(data.typescript) as typeof ts;
  const { outputText, diagnostics = [] } = compiler.transpileModule(text, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      target: compiler.ScriptTarget.ES2022,
      module: compiler.ModuleKind.ESNext,
      experimentalDecorators: true,
      inlineSourceMap: true,
    },
  });
  if (diagnostics.length === 0) return outputText;
  const [{ messageText, file, start = 0 }] = diagnostics;
  const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 1;
  throw new Error(`${fileName}:${line}: ${compiler.flattenDiagnosticMessageText(messageText, ' ')}`);
}
