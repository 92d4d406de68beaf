import { describe, expect, test } from 'vitest';
import { parsePythonJson, withFields } from '../../../core/io/json-text.js';

describe("Python's JSON", () => {
  test.each([
    ['{"a": Infinity, "b": -Infinity, "c": [NaN, 1]}', { a: Infinity, b: -Infinity, c: [NaN, 1] }],
    [
      '{"time_step_limit": [0.0, Infinity], "s": "NaN \\" Infinity"}',
      { time_step_limit: [0, Infinity], s: 'NaN " Infinity' },
    ],
    ['{"a": 1}', { a: 1 }],
    [
      '{"a": [{"__float__": "Infinity"}, {"__float__": "-Infinity"}], "b": {"__float__": "NaN"}}',
      { a: [Infinity, -Infinity], b: NaN },
    ],
  ])('%s', (text, expected) => {
    expect(parsePythonJson(text)).toEqual(expected);
  });

  test.each(['{"a": Infinit}', '{"a": +Infinity}', '{', 'xNaN'])('%s is none', (text) => {
    expect(() => parsePythonJson(text)).toThrow(SyntaxError);
  });
});

describe('a field is set and nothing else changes', () => {
  const text =
    '{\n  "cap": 30.0,\n  "nested": {"tie": 1, "list": [1.0, {"dtype": 2}]},\n  "dtype": "float32",\n  "n": 12345678901234567890\n}\n';

  test('one that is there', () => {
    expect(withFields(text, { dtype: 'bfloat16' })).toBe(text.replace('"float32"', '"bfloat16"'));
    expect(withFields(text, { nested: null, n: 1 })).toBe(
      '{\n  "cap": 30.0,\n  "nested": null,\n  "dtype": "float32",\n  "n": 1\n}\n',
    );
  });

  test('one that is not', () => {
    expect(withFields(text, { tie: true })).toBe(text.replace('567890\n}', '567890,\n  "tie": true\n}'));
    expect(withFields('{}', { tie: true })).toBe('{ "tie": true}');
    expect(withFields('{"a": {"b": 1}, "b": 2}', { b: undefined })).toBe('{"a": {"b": 1}}');
    expect(withFields('{\n  "a": 1,\n  "b": 2\n}', { a: undefined })).toBe('{\n  "b": 2\n}');
    expect(withFields('{"a": 1}', { a: undefined, c: undefined })).toBe('{}');
    expect(withFields('{"a": "x, {"}', { b: [1] })).toBe('{"a": "x, {", "b": [1]}');
  });
});
