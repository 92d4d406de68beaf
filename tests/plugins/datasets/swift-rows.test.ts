/** The rows of served.test.ts held against those that ms-swift 4.6.0 makes of the same files. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Message, StandardRow } from '../../../core/contracts/row.js';
import { pythonJson } from '../../../core/template/index.js';

interface SwiftRow {
  readonly messages: readonly Message[];
  readonly [column: string]: unknown;
}

const folder = new URL('../../fixtures/datasets/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

const ours = read('standard-rows.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { dataset: string; first: StandardRow });
const swift = JSON.parse(read('swift-rows.json')) as Readonly<Record<string, SwiftRow>>;

/** Of these ms-swift 4.6.0 makes no row: it knows no role `function`, and drops rooms in which nobody is a user. */
const NO_ROW = ['toolbench', 'ms-agent-multirole'];

/** What is otherwise, and means to be; docs/differences.md says so. */
const OTHERWISE: Readonly<Record<string, (row: SwiftRow) => SwiftRow>> = {
  'numinamath-1.5': ({ messages, solution, ...row }) => ({
    ...row,
    solution,
    messages: [...messages, { role: 'assistant', content: solution as string }],
  }),
  'stsb:positive': ({ label: _, ...row }) => row as SwiftRow,
  'toolbench-for-alpha-umi': asked,
  'toolbench-for-alpha-umi:planner': asked,
};

/** As SWIFT 2.4 has it: what stands as the system prompt is the question. */
function asked({ messages: [first, ...rest], ...row }: SwiftRow): SwiftRow {
  return { ...row, messages: [{ ...first, role: 'user' }, ...rest] };
}

/** Calls as turns of their own, a worse answer as the end of its conversation, pictures as their number. */
function plain({ messages, rejected_response, rejected_messages, images, ...row }: StandardRow): object {
  const worse =
    rejected_response === undefined
      ? rejected_messages
      : [...messages.slice(0, -1), { role: 'assistant', content: rejected_response }];
  return {
    ...row,
    messages: messages.flatMap(({ tool_calls, ...message }) =>
      tool_calls
        ? tool_calls.map(({ function: call }) => ({ role: 'tool_call', content: pythonJson(call) }))
        : [message.role === 'tool' ? { ...message, role: 'tool_response' } : message],
    ),
    ...(worse && { rejected_messages: worse }),
    ...(images && { images: images.length }),
  };
}

function plainSwift({
  messages,
  rejected_response: text,
  rejected_messages,
  solution: _,
  ...row
}: SwiftRow): object {
  const worse =
    text === undefined ? rejected_messages : [...messages.slice(0, -1), { role: 'assistant', content: text }];
  const spelled = messages.map((message) =>
    (message.role as string) === 'tool_call'
      ? { ...message, content: pythonJson(JSON.parse(message.content)) }
      : message,
  );
  return { ...row, messages: spelled, ...(worse !== undefined && { rejected_messages: worse }) };
}

test('all are held against it', () => {
  expect(ours.map(({ dataset }) => dataset).filter((name) => !Object.hasOwn(swift, name))).toEqual(NO_ROW);
});

describe.each(ours.filter(({ dataset }) => Object.hasOwn(swift, dataset)))(
  '$dataset',
  ({ dataset, first }) => {
    test('is the same row', () => {
      const change = OTHERWISE[dataset] ?? ((row: SwiftRow) => row);
      const expected = plainSwift(change(swift[dataset]));
      expect(plain(first)).toEqual(expected);
    });
  },
);
