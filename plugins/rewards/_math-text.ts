/** What a formula comes to: LaTeX and plain text as numbers, functions of variables, or lists of such. */
import type { MathNode } from 'mathjs';

export interface MathValue {
  /** Without what is only typography: equal texts are equal. */
  readonly text: string;
  /** Its value where each variable has its own of these; absent for what is no expression. */
  readonly at?: (point: number) => number;
  readonly percent: boolean;
  /** Of several with their brackets: a point, an interval, a set. */
  readonly list?: {
    readonly open: string;
    readonly close: string;
    readonly items: readonly (MathValue | undefined)[];
  };
}

/** Undefined where nothing is there. */
export async function readMath(formula: string): Promise<MathValue | undefined> {
  const text = plain(formula);
  if (text === '') return undefined;
  const percent = text.endsWith('%');
  const list = await readList(text);
  if (list) return { text, percent, list };
  return { text, percent, at: await expressionOf(text) };
}

async function readList(text: string): Promise<MathValue['list']> {
  const [, open, inner, close] = /^([([{])(.+)([)\]}])$/.exec(text) ?? [];
  const parts = inner === undefined ? [] : splitByCommas(inner);
  if (inner !== undefined && parts && (parts.length > 1 || open === '{'))
    return { open, close, items: await Promise.all(parts.map(readMath)) };
  const bare = /\d,\d{3}(?!\d)/.test(text) ? undefined : splitByCommas(text);
  if (bare && bare.length > 1) return { open: '{', close: '}', items: await Promise.all(bare.map(readMath)) };
  return undefined;
}

/** At commas outside of brackets; undefined where brackets do not match. */
function splitByCommas(text: string): string[] | undefined {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character) && --depth < 0) return undefined;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return depth === 0 ? parts : undefined;
}

const COMMANDS: Readonly<Record<string, string>> = {
  cdot: '*',
  times: '*',
  div: '/',
  pi: 'pi ',
  infty: 'Infinity ',
  pm: '±',
  le: '<=',
  leq: '<=',
  ge: '>=',
  geq: '>=',
  ne: '!=',
  neq: '!=',
  circ: '',
  degree: '',
  cup: 'U',
  '{': '{',
  '}': '}',
  '%': '%',
  $: '',
  ',': '',
  '!': '',
  ';': '',
  ':': '',
  ' ': '',
};

/** Functions that formulas may ask for, all of one number. */
const FUNCTIONS = ['sqrt', 'cbrt', 'abs', 'sin', 'cos', 'tan', 'exp', 'ln', 'log', 'nthRoot'] as const;

/** LaTeX as plain text, and without units, dollars and thousands. */
function plain(formula: string): string {
  let text = formula
    .trim()
    .replace(/^\$+|\$+$/g, '')
    .replace(/[.。]$/, '');
  text = text
    .replace(/\\(?:left|right|displaystyle|,|;|!|:)(?![a-z])/g, '')
    .replace(/\\(?:d|t|c)frac/g, '\\frac');
  text = text.replace(/\\(?:text|mathrm|mbox|operatorname)\{([^{}]*)\}/g, (_, inner: string) =>
    /^\s*[a-z°]/i.test(inner) && text.trim() !== `\\text{${inner}}` ? '' : inner,
  );
  text = withGroups(
    text,
    /\\sqrt\[([^\]]+)\]\{([^{}]*)\}/,
    (_, root, inner) => `nthRoot((${inner}),(${root}))`,
  );
  text = withGroups(text, /\\sqrt\{([^{}]*)\}/, (_, inner) => `sqrt(${inner})`);
  text = withGroups(text, /\\frac\{([^{}]*)\}\{([^{}]*)\}/, (_, above, below) => `((${above})/(${below}))`);
  text = text.replace(/\\frac(\d)(\d)/g, '(($1)/($2))').replace(/\\sqrt\s*(\d)/g, 'sqrt($1)');
  text = text
    .replace(/\^\{([^{}]*)\}/g, '^($1)')
    .replace(/\\([a-zA-Z]+|.)/g, (_, name: string) => COMMANDS[name] ?? `${name} `);
  text = text
    .replace(/(\d)\s*,\s*(?=\d{3}(?:\D|$))/g, '$1')
    .replace(/[$€£]/g, '')
    .replaceAll('−', '-');
  // A mixed number: 1 1/2.
  text = text.replace(/(\d)\s*\(\((\d+)\)\/\((\d+)\)\)/g, '($1+$2/$3)');
  // What stands before an equals sign names what is behind it.
  const [, behind] = /^[a-zA-Z]\w?(?:\([a-z]\))?\s*=\s*([^=]+)$/.exec(text.trim()) ?? [];
  return (behind ?? text)
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w ]) ?/g, '$1')
    .trim()
    .replace(/^\+/, '');
}

/** Replaces innermost braces again and again, until none are left. */
function withGroups(text: string, pattern: RegExp, replace: (...groups: string[]) => string): string {
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(pattern, replace);
  }
  return text;
}

const ALLOWED: ReadonlySet<string> = new Set([
  'ConstantNode',
  'SymbolNode',
  'OperatorNode',
  'ParenthesisNode',
  'FunctionNode',
]);

/** A text as a function of its variables; undefined where it is no expression of numbers. */
async function expressionOf(text: string): Promise<MathValue['at']> {
  const { parse } = await import('mathjs');
  let node: MathNode;
  try {
    node = parse(text.replace(/%$/, '/100').replaceAll('ln(', 'log('));
  } catch {
    return undefined;
  }
  const names = new Set<string>();
  let isPlain = true;
  node.traverse((one, path, parent) => {
    if (!ALLOWED.has(one.type)) isPlain = false;
    const name = (one as { readonly name?: string }).name;
    if (one.type !== 'SymbolNode' || name === undefined) return;
    if (parent?.type === 'FunctionNode' && path === 'fn') isPlain &&= FUNCTIONS.some((each) => each === name);
    else if (!['pi', 'e', 'Infinity'].includes(name)) names.add(name);
  });
  if (!isPlain || [...names].some((name) => name.length > 1)) return undefined;
  const compiled = node.compile();
  const variables = [...names].sort();
  return (point) => {
    try {
      const value: unknown = compiled.evaluate(
        Object.fromEntries(variables.map((name, i) => [name, point + i * Math.SQRT2])),
      );
      return typeof value === 'number' ? value : NaN;
    } catch {
      return NaN;
    }
  };
}
