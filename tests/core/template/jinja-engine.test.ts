/** The Jinja engine as transformers runs its own: numbers, JSON, and limits. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseExactJson } from '../../../core/io/exact-json.js';
import { jinjaRenderer } from '../../../core/template/jinja-engine.js';

const { data, cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/templates/numbers.json', import.meta.url), 'utf8'),
) as { data: string; cases: [source: string, text: string][] };

const render = async (source: string, variables: object = {}) =>
  (await jinjaRenderer(source))({ ...variables });

test.each(cases)('%s', async (source, expected) => {
  expect(await render(source, { x: parseExactJson(data) })).toBe(expected);
});

describe('a template without an end ends', () => {
  test('range is as long as in transformers', async () => {
    expect(await render('{% for i in range(3, 9, 2) %}{{ i }}{% endfor %}')).toBe('357');
    expect(await render('{% for i in range(3, 0, -1) %}{{ i }}{% endfor %}')).toBe('321');
    expect(await render('{{ range(100000) | length }}')).toBe('100000');
    for (const length of ['100001', '100000000', '0, 1, 0', '10 ** 300']) {
      await expect(render(`{% for i in range(${length}) %}{% endfor %}`)).rejects.toThrow(
        'range is limited to 100000 numbers',
      );
    }
  });

  test('loops in loops', async () => {
    const loops = '{% for i in range(100000) %}{% for j in range(99999) %}{{ j }}{% endfor %}{% endfor %}';
    const renderer = await jinjaRenderer(loops, 200);
    expect(() => renderer({})).toThrow('it takes longer than 0.2 s');
    expect(await render('still {{ x }}', { x: 'here' })).toBe('still here');
  });

  test('what doubles', async () => {
    const doubling = (start: string) =>
      `{% set ns = namespace(x=${start}) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}`;
    await expect(render(doubling('[1]'))).rejects.toThrow('a list of more than');
    await expect(render(doubling('"x"'))).rejects.toThrow(RangeError);
  });
});
