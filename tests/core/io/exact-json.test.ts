import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExactJson } from '../../../core/io/exact-json.js';
import { parsePythonLiteral } from '../../../core/io/python-literal.js';
import { pythonJson } from '../../../core/template/python-json.js';

describe('JSON is read without changing a number', () => {
  // Right column: json.dumps(json.loads(left)) of Python 3.
  test.each([
    ['10.0', '10.0'],
    ['1.0', '1.0'],
    ['-0.0', '-0.0'],
    ['1e5', '100000.0'],
    ['1E5', '100000.0'],
    ['1.50', '1.5'],
    ['0.1', '0.1'],
    ['1e-5', '1e-05'],
    ['0.00001', '1e-05'],
    ['0.0001', '0.0001'],
    ['123456789012345680.0', '1.2345678901234568e+17'],
    ['1e16', '1e+16'],
    ['1e15', '1000000000000000.0'],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['20240815123456789', '20240815123456789'],
    ['1e22', '1e+22'],
    ['1e21', '1e+21'],
    ['123e-20', '1.23e-18'],
    ['5e-324', '5e-324'],
    ['1.7976931348623157e308', '1.7976931348623157e+308'],
    ['0', '0'],
    ['-1', '-1'],
    ['3.14159', '3.14159'],
    ['1e400', 'Infinity'],
    ['100000000000000000000000000000', '100000000000000000000000000000'],
    ['2.5e-7', '2.5e-07'],
    ['12345678.0', '12345678.0'],
    ['0.30000000000000004', '0.30000000000000004'],
    ['1e100', '1e+100'],
    ['NaN', 'NaN'],
    ['-Infinity', '-Infinity'],
  ])('%s is written as Python writes it', (text, python) => {
    expect(pythonJson(parseExactJson(text))).toBe(python);
    expect(pythonJson(parseExactJson(`{"a": [${text}], "b": "${text}"}`))).toBe(
      `{"a": [${python}], "b": "${text}"}`,
    );
  });

  test('integers of any size come back', () => {
    fc.assert(
      fc.property(fc.bigInt(), (whole) => {
        expect(pythonJson(parseExactJson(`[${whole}]`))).toBe(`[${whole}]`);
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(() => parseExactJson('9'.repeat(5000))).toThrow('an integer of 5000 digits');
  });

  test('everything else is as JSON.parse reads it, and refused where it refuses', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '1', ':', '\\', ' ', '1.0', '-0'))
      .map(([text, at, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + 1);
      });
    const plain = (text: string, read: (text: string) => unknown): unknown => {
      try {
        return JSON.parse(
          JSON.stringify(read(text), (_, value: unknown) =>
            typeof value === 'bigint' ? Number(value) : value,
          ),
        );
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return undefined;
      }
    };
    fc.assert(
      fc.property(fc.oneof(fc.json(), damaged, fc.string()), (text) => {
        // Forces the parser that keeps numbers.
        const marked = `[${text}, 1.0]`;
        expect(plain(marked, parseExactJson)).toEqual(plain(marked, JSON.parse));
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  test('nesting without end is refused, not a crash', () => {
    expect(() => parseExactJson(`${'['.repeat(100_000)}1.0`)).toThrow('nested more than');
  });
});

describe("lists as Python's repr writes them", () => {
  test.each<[string, unknown]>([
    [`[{'role': 'user', 'content': "it's"}]`, [{ role: 'user', content: "it's" }]],
    [
      `[('q', 'a'), ["x\\n\\'y\\'", 'é\\u00e9\\xe9\\U0001f600']]`,
      [
        ['q', 'a'],
        ["x\n'y'", 'éééé'.slice(0, 3) + '😀'],
      ],
    ],
    [
      `{'a': None, 'b': True, 'c': [False, -1, 0.5, 1e-05], }`,
      { a: null, b: true, c: [false, -1, 0.5, 1e-5] },
    ],
    [`()`, []],
  ])('%s', (text, expected) => {
    expect(parsePythonLiteral(text)).toEqual(expected);
  });

  test.each([
    '',
    '[',
    "['a'",
    "['a' 'b']",
    'open("x")',
    '[1 2]',
    "{'a'}",
    '{1: 2}',
    "['\\q']",
    '[][0]',
    'nan',
    "['a\nb']",
  ])('%j is none', (text) => {
    expect(() => parsePythonLiteral(text)).toThrow(SyntaxError);
  });

  test('any text is read or refused', () => {
    const pieces = fc.constantFrom(
      '[',
      ']',
      '(',
      '{',
      '}',
      ',',
      ':',
      "'",
      '"',
      '\\',
      'a',
      '1',
      '.',
      'None',
      ' ',
      '\\x4',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        try {
          parsePythonLiteral(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(() => parsePythonLiteral('['.repeat(100_000))).toThrow(SyntaxError);
  });
});
