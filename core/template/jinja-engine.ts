/** Renders chat templates: @huggingface/jinja with exact numbers, Python's JSON, and an end to every loop. Its one user. */
import { ExactFloat } from '../exact-numbers.js';
import { withinTime } from '../within-time.js';
import type { ChatRenderer } from './chat-view.js';
import { withFixedDate } from './fixed-date.js';
import { jinjaJson, jsonOptions, type JinjaValue } from './jinja-json.js';
import { PYTHON_STRINGS, withPythonStrings } from './python-strings.js';

/** What is used of the engine beyond its declarations. */
interface Scope {
  readonly variables: Map<string, JinjaValue>;
  set(name: string, value: unknown): JinjaValue;
}
type ValueClass = new (value: unknown) => JinjaValue;

/** As transformers' sandbox has it. */
const MOST_RANGE = 100_000;
/** Milliseconds of one rendering; they take less than one as a rule. */
const MOST_TIME = 20_000;
const MOST_ITEMS = 10_000_000;

/** @throws when the source is no Jinja */
export async function jinjaRenderer(source: string, milliseconds = MOST_TIME): Promise<ChatRenderer> {
  const engine = await import('@huggingface/jinja');
  const template = new engine.Template(withFixedDate(source));
  withPythonStrings(template.parsed);
  const Run = runClass(engine.Interpreter as unknown as BaseClass);
  const toValue = converter(() => new engine.Environment() as unknown as Scope);
  const globals = Object.entries(GLOBALS).map(([name, value]) => [name, toValue(value)] as const);
  const tooLong = (): Error => new Error(`it takes longer than ${milliseconds / 1000} s`);
  return (variables) => {
    const scope = new engine.Environment() as unknown as Scope;
    for (const [name, value] of globals) scope.variables.set(name, value);
    for (const [name, value] of Object.entries(variables)) scope.variables.set(name, toValue(value));
    const run = (): string => new Run(scope).run(template.parsed).value as string;
    return withinTime(milliseconds, run, tooLong);
  };
}

const GLOBALS = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  ...PYTHON_STRINGS,
  raise_exception: (message: string): never => {
    throw new Error(message);
  },
  range: (start: number, stop?: number, step = 1): number[] => {
    const [from, to] = stop === undefined ? [0, start] : [start, stop];
    const length = Math.max(0, Math.ceil((to - from) / step));
    if (!(length <= MOST_RANGE)) throw new Error(`range is limited to ${MOST_RANGE} numbers`);
    return Array.from({ length }, (_, i) => from + i * step);
  },
};

/**
 * Makes the engine's values of ours, of each object once: a conversation is rendered several times, and nothing changes it.
 * The engine's classes are not exported, so they are taken from values that it made.
 */
function converter(newScope: () => Scope): (value: unknown) => JinjaValue {
  const scope = newScope();
  const classOf = (name: string, value: unknown): ValueClass =>
    scope.set(`class ${name}`, value).constructor as ValueClass;
  const Integer = classOf('integer', 1);
  const Float = classOf('float', 0.5);
  const Text = classOf('text', '');
  const List = classOf('list', []);
  const Table = classOf('table', {});
  const known = new WeakMap<object, JinjaValue>();
  const [yes, no, none] = [true, false, null].map((value) => scope.set(`value ${value}`, value));
  return function toValue(value: unknown): JinjaValue {
    if (typeof value === 'string') return new Text(value);
    // An operation that would round a bigint or lose a float's kind then fails, or keeps it.
    if (typeof value === 'bigint') return new Integer(value);
    const float = typeof value === 'number' && !Number.isInteger(value) ? new ExactFloat(value) : value;
    if (float instanceof ExactFloat) return exactFloat(new Float(float), float);
    if (Array.isArray(value)) return new List(value.map(toValue));
    if (typeof value === 'object' && value !== null) {
      const made =
        known.get(value) ??
        new Table(new Map(Object.entries(value).map(([key, entry]) => [key, toValue(entry)])));
      known.set(value, made);
      return made;
    }
    if (typeof float === 'number') return new Integer(float);
    if (typeof value === 'boolean') return value ? yes : no;
    return value === null ? none : newScope().set('other', value);
  };
}

function exactFloat(value: JinjaValue, float: ExactFloat): JinjaValue {
  value.toString = () => float.toString();
  return value;
}

interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly callee?: { readonly value?: unknown };
  readonly args?: readonly unknown[];
}

interface Base {
  run(program: unknown): JinjaValue;
  evaluate(node: Node | undefined, scope: unknown): JinjaValue;
  applyFilter(operand: JinjaValue, filter: Node, scope: unknown): JinjaValue;
  evaluateArguments(args: readonly unknown[], scope: unknown): [JinjaValue[], Map<string, JinjaValue>];
}
type BaseClass = new (scope: unknown) => Base;

function runClass(Interpreter: BaseClass): BaseClass {
  // Most of a template is text, whose values are the same each time.
  const literals = new WeakMap<Node, JinjaValue>();
  const literal = (node: Node, value: JinjaValue): JinjaValue => {
    literals.set(node, value);
    return value;
  };
  return class Run extends Interpreter {
    override evaluate(node: Node | undefined, scope: unknown): JinjaValue {
      if (node?.type === 'StringLiteral')
        return literals.get(node) ?? literal(node, super.evaluate(node, scope));
      const result = super.evaluate(node, scope);
      if (Array.isArray(result.value) && result.value.length > MOST_ITEMS) {
        throw new Error(`a list of more than ${MOST_ITEMS} items`);
      }
      return result;
    }

    override applyFilter(operand: JinjaValue, filter: Node, scope: unknown): JinjaValue {
      if ((filter.value ?? filter.callee?.value) !== 'tojson')
        return super.applyFilter(operand, filter, scope);
      const [args, named] = this.evaluateArguments(filter.args ?? [], scope);
      const text = jinjaJson(operand, jsonOptions(args, named));
      return this.evaluate({ type: 'StringLiteral', value: text }, scope);
    }
  };
}
