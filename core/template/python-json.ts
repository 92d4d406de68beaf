/** JSON as Python's `json.dumps` spells it, and so every chat template: `{"a": [1, 2.0]}`. */
import { pythonNumber } from '../exact-numbers.js';

export function pythonJson(value: unknown): string {
  const number = pythonNumber(value);
  if (number !== undefined) return number;
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}: ${pythonJson(field)}`).join(', ')}}`;
}
