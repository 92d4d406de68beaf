/** Methods of Python's strings that the Jinja engine has without their arguments: `content.lstrip('\n')`. */

/** Rewrites calls of them in a parsed template to calls of {@link PYTHON_STRINGS}. */
export function withPythonStrings(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(withPythonStrings);
  if (typeof node !== 'object' || node === null) return;
  for (const child of Object.values(node)) withPythonStrings(child);
  const call = node as { type?: string; callee: Callee; args: unknown[] };
  if (call.type !== 'CallExpression' || call.args.length !== 1) return;
  const { type, object, property, computed } = call.callee;
  if (type !== 'MemberExpression' || computed || !Object.hasOwn(PYTHON_STRINGS, `python_${property.value}`))
    return;
  call.args = [object, ...call.args];
  call.callee = { ...property, type: 'Identifier', value: `python_${property.value}` } as unknown as Callee;
}

interface Callee {
  readonly type: string;
  readonly object: unknown;
  readonly property: { readonly value: string };
  readonly computed: boolean;
}

/** Variables of a template whose calls were rewritten. The second argument is a set of characters, as in Python. */
export const PYTHON_STRINGS = {
  python_strip: (text: string, chars: string): string => stripRight(stripLeft(text, chars), chars),
  python_lstrip: (text: string, chars: string): string => stripLeft(text, chars),
  python_rstrip: (text: string, chars: string): string => stripRight(text, chars),
};

function stripLeft(text: string, chars: string): string {
  let start = 0;
  while (start < text.length && chars.includes(text[start])) start++;
  return text.slice(start);
}

function stripRight(text: string, chars: string): string {
  let end = text.length;
  while (end > 0 && chars.includes(text[end - 1])) end--;
  return text.slice(0, end);
}
