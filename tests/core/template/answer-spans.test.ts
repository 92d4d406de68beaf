/** Where answers stand in chat templates of every build, by hand-made templates; vendors' are in tests/parity. */
import { describe, expect, test } from 'vitest';
import type { Message, StandardRow } from '../../../core/contracts/row.js';
import { createJinjaTemplate } from '../../../core/template/index.js';
import { characterTokenizer } from '../../extras/character-tokenizer.js';
import { learnedTexts } from '../../extras/learned-texts.js';

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string, more: Partial<Message> = {}): Message => ({
  role: 'assistant',
  content,
  ...more,
});
const call = (name: string, given: Record<string, unknown> = {}) => ({
  type: 'function' as const,
  function: { name, arguments: given },
});
const result = (content: string): Message => ({ role: 'tool', content });
const TWO = [user('Q1'), assistant('A1'), user('Q2'), assistant('A2')];

async function learned(
  chat_template: string,
  row: StandardRow | readonly Message[],
  stops: readonly string[] = ['<end>'],
): Promise<string[]> {
  const tokenizer = characterTokenizer({ chat_template, stops });
  const template = await createJinjaTemplate(tokenizer);
  return learnedTexts(template.encode('messages' in row ? row : { messages: row }, tokenizer), tokenizer);
}

describe('an answer ends with its stop', () => {
  test('which is another token for the last one', async () => {
    const harmony =
      "{% for m in messages %}<start>{{ m.role }}{% if m.role == 'assistant' %}<c>{{ m.content }}" +
      "{{ '<return>' if loop.last else '<end>' }}{% else %}: {{ m.content }}<end>{% endif %}{% endfor %}" +
      '{% if add_generation_prompt %}<start>assistant{% endif %}';
    expect(await learned(harmony, TWO, ['<return>'])).toEqual(['<c>A1<end>', '<c>A2<return>']);
  });

  test('which is the next role, where that is a stop; the last answer then has none', async () => {
    const glm =
      '{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}' +
      '{% if add_generation_prompt %}<assistant>{% endif %}';
    expect(await learned(glm, TWO, ['<user>'])).toEqual(['A1<user>', 'A2']);
    expect(await learned(glm, TWO, ['<end>'])).toEqual(['A1', 'A2']);
  });

  test('which comes after a token that closes the answer', async () => {
    const cohere =
      '{% for m in messages %}<turn>{{ m.role }}{% if m.role == "assistant" %}<r>{{ m.content }}</r>{% else %}' +
      '{{ m.content }}{% endif %}<end>{% endfor %}{% if add_generation_prompt %}<turn>assistant<r>{% endif %}';
    expect(await learned(cohere, TWO)).toEqual(['A1</r><end>', 'A2</r><end>']);
  });

  test('also where the template adds a prompt that nobody asked for, and the stop is not known', async () => {
    const asking =
      '{% for m in messages %}<h>{{ m.role }}</h>{{ m.content }}<eot>{% endfor %}<h>assistant</h>';
    expect(await learned(asking, TWO, ['<other>'])).toEqual(['A1<eot>', 'A2<eot>']);
  });
});

describe('an answer begins where its prompt ends', () => {
  const qwen =
    '{% set ns = namespace(last=-1) %}{% for m in messages %}{% if m.role == "user" %}{% set ns.last = loop.index0 %}' +
    '{% endif %}{% endfor %}{% for m in messages %}<start>{{ m.role }}\n{% if m.role == "assistant" and ' +
    'loop.index0 > ns.last %}<think>\n\n</think>\n\n{% endif %}{{ m.content }}' +
    '{% for c in m.tool_calls or [] %}<call>{{ c.function.name }}</call>{% endfor %}<end>\n{% endfor %}' +
    '{% if add_generation_prompt %}<start>assistant\n<think>\n{% endif %}';

  test('and where the turn does, if an earlier one lost the thought that the prompt opens', async () => {
    expect(await learned(qwen, TWO)).toEqual(['A1<end>', '\n</think>\n\nA2<end>']);
    expect(await learned(qwen, [user('Q'), assistant(''), user('Q'), assistant('<b>')])).toEqual([
      '<end>',
      '\n</think>\n\n<b><end>',
    ]);
    expect(await learned(qwen, [user('Q'), assistant('<b>'), user('Q'), assistant('x')])).toEqual([
      '<b><end>',
      '\n</think>\n\nx<end>',
    ]);
  });

  test('calls without arguments are learned, results are not', async () => {
    const messages = [
      user('Q'),
      assistant('Let me look.', { tool_calls: [call('f')] }),
      result('r'),
      assistant('Done'),
      user('Thanks'),
      assistant('Bye'),
    ];
    expect(await learned(qwen, messages)).toEqual([
      'Let me look.<call>f</call><end>',
      'Done<end>',
      '\n</think>\n\nBye<end>',
    ]);
  });

  test('results that stand within the turn of the model are not learned', async () => {
    const gemma =
      '{% for m in messages %}{% if m.role == "user" %}<turn>user\n{{ m.content }}<end>\n{% elif m.role == "assistant" %}' +
      '{% if loop.index0 == 0 or messages[loop.index0 - 1].role == "user" %}<turn>model\n{% endif %}{{ m.content }}' +
      '{% for c in m.tool_calls or [] %}<call>{{ c.function.name }}{{ c.function.arguments | tojson }}</call><response>{% endfor %}{% if not m.tool_calls %}<end>\n{% endif %}' +
      '{% elif m.role == "tool" %}{{ m.content }}</response>{% endif %}{% endfor %}' +
      '{% if add_generation_prompt and messages[-1].role == "user" %}<turn>model\n{% endif %}';
    const messages = [
      user('Q'),
      assistant('', { tool_calls: [call('f', { x: 'secret' })] }),
      result('r'),
      assistant('Done'),
    ];
    expect(await learned(gemma, messages, ['<end>', '<response>'])).toEqual([
      '<call>f{"x": "secret"}</call><response>',
      'Done<end>',
    ]);
  });

  test('whatever the words are', async () => {
    const plain =
      '{% for m in messages %}[{{ m.role }}]{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}';
    const same = [user('A'), assistant('A'), user('A'), assistant('A')];
    expect(await learned(plain, same)).toEqual(['A<end>', 'A<end>']);
    expect(
      await learned(plain, [user('A'), assistant('no', { loss: false }), user('B'), assistant('[A]')]),
    ).toEqual(['[A]<end>']);
  });

  test('a first message that is an answer is found, or refused where its prompt is', async () => {
    const plain =
      '{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}';
    const greeting = [assistant('Hello'), user('Q'), assistant('A')];
    expect(await learned(plain, greeting)).toEqual(['Hello<end>', 'A<end>']);
    await expect(learned(`{{ messages[0]['content'].strip() and '' }}${plain}`, greeting)).rejects.toThrow(
      /messages\[0\]: cannot tell/,
    );
    const always = `{% if not messages or messages[0].role != 'system' %}<system>You help.<end>{% endif %}${plain}`;
    expect(await learned(always, greeting)).toEqual(['Hello<end>', 'A<end>']);
    const before = plain.replace(
      '{% for',
      "{% if messages[0].role == 'user' or not messages %}<system>S<end>{% endif %}{% for",
    );
    await expect(learned(before, greeting)).rejects.toThrow(/messages\[0\]: cannot tell/);
  });

  test('results that stand in user messages are no questions', async () => {
    const hermes =
      '{% set ns = namespace(last=-1) %}{% for m in messages %}{% if m.role == "user" and not ' +
      '(m.content.startswith("<r>") and m.content.endswith("</r>")) %}{% set ns.last = loop.index0 %}{% endif %}' +
      '{% endfor %}{% for m in messages %}<{{ m.role }}>{% if m.role == "assistant" and loop.index0 > ns.last %}' +
      '<think></think>{% endif %}{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}';
    const messages = [user('Q'), assistant('call'), user('<r>18</r>'), assistant('Mild')];
    expect(await learned(hermes, messages)).toEqual(['<think></think>call<end>', '<think></think>Mild<end>']);
  });

  test('two answers in a row are two', async () => {
    const plain =
      '{% for m in messages %}[{{ m.role }}]{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}';
    expect(await learned(plain, [user('Q'), assistant('one'), assistant('two')])).toEqual([
      'one<end>',
      'two<end>',
    ]);
  });

  test('and a text that does not tell is refused by its place', async () => {
    const joined = '{% for m in messages %}{{ m.content | length }}{% endfor %}';
    await expect(learned(joined, TWO)).rejects.toThrow(
      expect.objectContaining({
        code: 'BAD_TEMPLATE',
        message: expect.stringContaining('messages[1]: cannot tell'),
      }),
    );
  });
});

describe('a template that marks what the model writes', () => {
  const marked =
    '{% for m in messages %}<{{ m.role }}>{% if m.role == "assistant" %}{% generation %}{{ m.content }}<end>\n' +
    '{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}';

  test('is followed to the letter', async () => {
    expect(await learned(marked, TWO)).toEqual(['A1<end>\n', 'A2<end>\n']);
    expect(
      await learned(marked, [user('Q'), assistant('no', { loss: false }), user('Q'), assistant('A')]),
    ).toEqual(['A<end>\n']);
  });

  test('keeps the white space that its tags keep', async () => {
    const trimmed =
      '{%- for m in messages %}\n  {{- m.content }}\n  {%- generation -%}\n  x \n  {%- endgeneration %}\n{% endfor %}';
    expect(await learned(trimmed, [user('Q'), assistant('A')])).toEqual(['x', 'x']);
  });

  test('is refused where a mark has no other, or `loss` asks for more than the marks tell', async () => {
    await expect(learned('{% generation %}{{ messages[1].content }}', TWO)).rejects.toThrow(
      /cannot be followed/,
    );
    const twice = '{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}.{% endfor %}';
    await expect(
      learned(twice, [user('Q'), assistant('A', { loss: false }), user('Q'), assistant('A')]),
    ).rejects.toThrow(/several stretches in one answer/);
  });
});

describe('what a template leaves out is refused by name', () => {
  const plain =
    '{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}';
  const calling = plain.replace(
    '{{ m.content }}',
    '{% if m.tool_calls %}{{ m.tool_calls[0].function.name }}{% else %}{{ m.content }}{% endif %}',
  );
  const asked = [
    user('Q'),
    assistant('', { tool_calls: [call('weather'), call('clock')] }),
    result('r'),
    assistant('ok'),
  ];

  test.each<[string, string, StandardRow, RegExp]>([
    ['tool definitions', plain, { messages: TWO, tools: [{ name: 'f' }] }, /does not say tool definitions/],
    ['a call', plain, { messages: asked }, /messages\[1\]: .* leaves out the call of weather/],
    [
      'the second of two calls',
      calling,
      { messages: asked },
      /messages\[1\]: .* leaves out the call of clock/,
    ],
    [
      'the text beside a call',
      calling,
      {
        messages: [
          user('Q'),
          assistant('Hm.', { tool_calls: [call('weather')] }),
          result('r'),
          assistant('ok'),
        ],
      },
      /leaves out the text beside a call/,
    ],
    [
      'the thought of the last answer',
      plain,
      { messages: [user('Q'), assistant('A', { reasoning_content: 'because' })] },
      /messages\[1\]: .* leaves out its thought \(reasoning_content\)/,
    ],
  ])('%s', async (_, source, row, message) => {
    await expect(learned(source, row)).rejects.toThrow(message);
  });

  test('in a prompt, too', async () => {
    const tokenizer = characterTokenizer({ chat_template: plain, stops: ['<end>'] });
    const template = await createJinjaTemplate(tokenizer);
    expect(() => template.prompt([user('Q')], tokenizer, { tools: [{ name: 'f' }] })).toThrow(
      /tool definitions/,
    );
  });

  test('thoughts of earlier answers are left to it', async () => {
    const messages = [user('Q'), assistant('A', { reasoning_content: 'because' }), user('Q'), assistant('B')];
    expect(await learned(plain, messages)).toEqual(['A<end>', 'B<end>']);
  });
});

describe('every field of a message reaches the template', () => {
  const fields =
    '{% for m in messages %}<{{ m.role }}>{{ m.reasoning_content }}{{ m.reasoning }}{{ m.thinking }}|{{ m.name }}|' +
    '{{ m.tool_call_id }}|{% for c in m.tool_calls or [] %}{{ c.id }}{{ c.function.name }}' +
    '{{ c.function.arguments | tojson }}{% endfor %}{{ m.content }}<end>{% endfor %}' +
    '{% if add_generation_prompt %}<assistant>{% endif %}';

  test('by all names of a thought, arguments as objects', async () => {
    const made = { id: 'id1', type: 'function' as const, function: { name: 'f', arguments: '{"x":1}' } };
    const messages: Message[] = [
      user('Q'),
      assistant('', { reasoning_content: 'T', tool_calls: [made] }),
      { role: 'tool', content: 'r', name: 'f', tool_call_id: 'id1' },
      assistant('A'),
    ];
    const tokenizer = characterTokenizer({ chat_template: fields, stops: ['<end>'] });
    const encoded = (await createJinjaTemplate(tokenizer)).encode({ messages }, tokenizer);
    if (encoded.kind !== 'sample') throw new Error(encoded.reason);
    expect(tokenizer.decode(encoded.sample.input_ids)).toBe(
      '<user>|||Q<end><assistant>TTT|||id1f{"x": 1}<end><tool>|f|id1|r<end><assistant>|||A<end>',
    );
    expect(learnedTexts(encoded, tokenizer)).toEqual(['TTT|||id1f{"x": 1}<end>', '|||A<end>']);
  });

  test('arguments as texts where a template joins them to texts', async () => {
    const joining = fields.replace(
      '{{ c.function.arguments | tojson }}',
      "{{ '(' + c.function.arguments + ')' }}",
    );
    const messages = [user('Q'), assistant('', { tool_calls: [call('f', { x: [1, 'ä'] })] })];
    expect(await learned(joining, messages)).toEqual(['|||f({"x": [1, "ä"]})<end>']);
  });
});

test("Python's strip takes the characters it is given", async () => {
  const source =
    "{% for m in messages %}{{ m.content.lstrip('\\n') }}|{{ m.content.rstrip('\\n ') }}|{{ m.content.strip('\\n') }}|" +
    '{{ m.content.strip() }}<end>{% endfor %}';
  expect(await learned(source, [user(''), assistant('\n a \n')])).toEqual([' a \n|\n a| a |a<end>']);
});
