import {
  badQuestion,
  evaluator,
  ExactFloat,
  isFields,
  rougeL,
  rowText,
  toStandardRow,
  valueOf,
  type EvaluatorQuestion,
  type Judgement,
  type Message,
  type RawRow,
  type WrittenEvaluator,
} from 'swift-ts/plugin';

interface ToolQuestion extends EvaluatorQuestion {
  /** Names of the tools that may be called. */
  readonly tools: readonly string[];
}

/** What an answer decides to do. */
interface Step {
  readonly plan: 'call' | 'finish' | 'give up';
  /** Of the tool; `none` where nothing is called; absent of an answer that gives up. */
  readonly action?: string;
  readonly input: string;
  /** The final answer. */
  readonly answer?: string;
}

/** The target of a row where ToolBench's annotator called a tool that is not there. */
const INVALID = 'invalid_hallucination_function_name';

/**
 * One step of an agent at a time, as ModelScope-Agent judges ToolBench (Qin et al., 2023, arXiv 2307.16789), by the rules of
 * EvalScope's tool_bench:
 *
 * - `Plan.EM`, of all rows: whether the answer calls, finishes or gives up as the target does.
 * - `HalluRate`, of all rows: whether it calls a tool that the row does not offer.
 * - `Act.EM`, of rows whose target calls: whether it is the same tool.
 * - `F1`, of the same rows: of arguments, where one of the right name and another value counts half; 0 of another tool.
 * - `R-L`, of rows whose target finishes: ROUGE-L of the final answer.
 *
 * Rows whose target calls a tool that they do not offer are judged by nothing.
 */
@evaluator({
  id: 'tool_bench',
  summary: 'Steps of agents that call tools: plan, action, arguments, final answer',
  ms: 'AI-ModelScope/ToolBench-Static',
  sets: {
    tool_bench_in_domain: { subset: 'in_domain' },
    tool_bench_out_of_domain: { subset: 'out_of_domain' },
  },
  few_shot: 0,
  example: {
    messages: [
      { role: 'system', content: 'You can use tools: weather, Finish.' },
      { role: 'user', content: 'How warm is Paris?' },
    ],
    tools: [{ name: 'weather' }, { name: 'Finish' }],
    target: 'Thought: I look.\nAction: weather\nAction Input: {"city": "Paris"}',
  },
})
export class ToolBenchEvaluator implements WrittenEvaluator {
  readonly answers = 'written';
  readonly stop = ['Observation:'];
  readonly max_new_tokens = 512;

  question(row: RawRow): ToolQuestion {
    const { messages } =
      toStandardRow({ messages: row.messages ?? row.conversations }, { questions: true }) ?? {};
    if (messages === undefined) throw badQuestion("field 'messages' is empty", 'a conversation');
    if (!Array.isArray(row.tools))
      throw badQuestion(`field 'tools' is ${JSON.stringify(row.tools)}`, 'a list');
    const tools = row.tools.map((tool, i) => toolName(tool, `tools[${i}]`));
    const answer = rowText(row, 'target').trim();
    return { prompt: messages.map(said).join('\n').trimEnd(), answer, messages, tools };
  }

  judge({ answer: target, tools }: ToolQuestion, answer: string): Judgement {
    const right = stepOf(target);
    const own = stepOf(answer);
    const extracted = { plan: own.plan, action: own.action ?? 'none' };
    const isOffered = (action = 'none'): boolean => action === 'none' || tools.includes(action);
    if (right.action === INVALID || !isOffered(right.action)) return { metrics: {}, extracted };
    const metrics = { 'Plan.EM': Number(own.plan === right.plan), HalluRate: Number(!isOffered(own.action)) };
    if (right.plan === 'give up') return { metrics, extracted };
    if (right.plan === 'finish') {
      return { metrics: { ...metrics, 'R-L': rougeL(own.answer ?? '', right.answer ?? '') }, extracted };
    }
    const isSame = (own.action ?? 'none') === right.action;
    const f1 = isSame ? argumentsF1(own.input, right.input) : 0;
    return {
      metrics: { ...metrics, 'Act.EM': Number(isSame), ...(f1 === undefined ? {} : { F1: f1 }) },
      extracted,
    };
  }
}

function toolName(tool: unknown, place: string): string {
  const fields = isFields(tool) && isFields(tool.function) ? tool.function : tool;
  if (isFields(fields) && typeof fields.name === 'string') return fields.name;
  throw badQuestion(`field '${place}' is ${JSON.stringify(tool)}`, '{"name": …}');
}

const said = ({ role, content }: Message): string => `${role}: ${content}`;

/** The last action of a text, and what it is called with. */
function stepOf(text: string): Step {
  const behind = (keyword: string): string | undefined => {
    const at = text.lastIndexOf(keyword);
    return at < 0 ? undefined : text.slice(at + keyword.length).trim();
  };
  const input = behind('Action Input:') ?? '{}';
  const action = behind('Action:')?.split('Action Input:')[0].trim() ?? 'none';
  if (action !== 'Finish') return { plan: 'call', action, input };
  const given = valueOf(input);
  if (!isFields(given) || given.return_type !== 'give_answer') return { plan: 'give up', input };
  return { plan: 'finish', action, input, answer: String(given.final_answer ?? '') };
}

/** Undefined where the target's arguments are no JSON object. */
function argumentsF1(own: string, right: string): number | undefined {
  const [given, wanted] = [valueOf(own), valueOf(right)];
  if (!isFields(wanted)) return undefined;
  if (!isFields(given)) return 0;
  const names = Object.keys(wanted);
  if (names.length === 0) return Number(Object.keys(given).length === 0);
  const hits = names
    .filter((name) => Object.hasOwn(given, name))
    .reduce((sum, name) => sum + (isEqual(given[name], wanted[name]) ? 1 : 0.5), 0);
  return (2 * hits) / (names.length + Object.keys(given).length);
}

const isNumber = (value: unknown): boolean =>
  ['number', 'bigint'].includes(typeof value) || value instanceof ExactFloat;

/** As JSON; the order of fields does not count. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => isEqual(one, b[i]));
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
  if (!isFields(a) || !isFields(b)) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isEqual(a[name], b[name]));
}
