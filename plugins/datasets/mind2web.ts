import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn } from './_columns.js';

const element = { type: 'string', description: 'the element of the page' };
const tool = (name: string, description: string, more: Record<string, object> = {}): object => ({
  type: 'function',
  function: {
    name,
    description,
    parameters: {
      type: 'object',
      properties: { element, ...more },
      required: ['element', ...Object.keys(more)],
    },
  },
});

/** What can be done to a page. */
const TOOLS = [
  tool('CLICK', 'Click an element of the page'),
  tool('TYPE', 'Write a text into a field of the page', {
    content: { type: 'string', description: 'the text' },
  }),
  tool('SELECT', 'Choose from a list of the page', {
    content: { type: 'string', description: 'what to choose' },
  }),
];

/**
 * https://huggingface.co/datasets/osunlp/Multimodal-Mind2Web (arXiv 2401.01614): steps of tasks in their order, each a row with
 * target_action_index, target_action_reprs, confirmed_task, cleaned_html and screenshot. The steps of a task are one conversation.
 */
@dataset({
  id: 'mind2web',
  summary: 'Tasks on web pages, step by step: the page as an image and as HTML, and what is done on it',
  hf: 'osunlp/Multimodal-Mind2Web',
  ms: 'swift/Multimodal-Mind2Web',
  tags: ['agent', 'multi-modal'],
})
export class Mind2Web implements Preprocessor {
  continues({ target_action_index }: RawRow): boolean {
    return Number(target_action_index) !== 0;
  }

  toRow({ rows }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const steps = rows as readonly RawRow[];
    const messages = steps.flatMap((step, i) => [
      { role: 'user', content: question(step, i === 0) },
      { role: 'assistant', content: action(textIn(step.target_action_reprs)) },
    ]);
    return toStandardRow(
      { messages, images: steps.map(({ screenshot }) => screenshot), tools: TOOLS },
      context,
    );
  }
}

function question({ cleaned_html, confirmed_task }: RawRow, isFirst: boolean): string {
  const page = `The snapshot of screen:<image>\nThe html source code:${textIn(cleaned_html)}\n`;
  return isFirst ? `${page}\n${textIn(confirmed_task)}` : page;
}

/** `[button]  Search -> CLICK` and `[textbox]  City -> TYPE: Rome`, as ReAct has actions. */
function action(said: string): string {
  const parts = said.split('->');
  const done = parts.at(-1)!;
  const colon = done.indexOf(':');
  const name = colon < 0 ? done : done.slice(0, colon);
  const what = colon < 0 ? '' : done.slice(colon + 1).trim();
  const where = parts.length > 1 ? parts[0].trim() : '';
  return `Action: ${name.trim()}\nAction Input: ${where},${what}`;
}
