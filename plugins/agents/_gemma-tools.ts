import { isFields, nameOf, pythonJson, unwrapped, type Tool } from 'swift-ts/plugin';

/** Stands for a quotation mark. */
export const QUOTE = '<|"|>';
export const quoted = (text: unknown): string => QUOTE + String(text) + QUOTE;

type Fields = Readonly<Record<string, unknown>>;

/** Fields of its own a schema has; others are those of an object without `properties`. */
const STANDARD = new Set(['description', 'type', 'properties', 'required', 'nullable']);

/** A value as Gemma 4 writes it, keys in alphabetical order. */
export function gemmaValue(value: unknown, key: (name: string) => string): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map((one) => gemmaValue(one, key)).join(',')}]`;
  if (!isFields(value) || value.constructor !== Object) return pythonJson(value);
  return `{${sorted(value)
    .map(([name, one]) => `${key(name)}:${gemmaValue(one, key)}`)
    .join(',')}}`;
}

export const sorted = (fields: Fields): [string, unknown][] =>
  Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** A tool between its marks. */
export function declared(tool: Tool): string {
  const { description, parameters } = unwrapped(tool);
  const said = isFields(parameters) ? parametersOf(parameters) : [];
  return (
    `<|tool>declaration:${nameOf(tool)}{description:${quoted(description ?? '')}` +
    (said.length === 0 ? '' : `,parameters:{${said.join(',')}}`) +
    '}<tool|>'
  );
}

function parametersOf({ properties, required, type }: Fields): string[] {
  const hasProperties = isFields(properties) && Object.keys(properties).length > 0;
  return [
    ...(hasProperties ? [`properties:{${schemas(properties)}}`] : []),
    ...requiredOf(required),
    ...(typeof type === 'string' && type !== '' ? [`type:${quoted(type.toUpperCase())}`] : []),
  ];
}

function schemas(properties: Fields, isFiltered = false): string {
  return sorted(properties)
    .filter(([name, schema]) => isFields(schema) && !(isFiltered && STANDARD.has(name)))
    .map(([name, schema]) => `${name}:{${schemaOf(schema as Fields).join(',')}}`)
    .join(',');
}

const inQuotes = (value: unknown): string => gemmaValue(value, quoted);

function schemaOf(schema: Fields): string[] {
  const { description, items, nullable, properties, required } = schema;
  const type = typeof schema.type === 'string' ? schema.type.toUpperCase() : '';
  const said: string[] = [];
  if (description) said.push(`description:${quoted(description)}`);
  if (type === 'STRING' && schema.enum) said.push(`enum:${inQuotes(schema.enum)}`);
  if (type === 'ARRAY' && isFields(items) && Object.keys(items).length > 0) {
    said.push(`items:{${itemsOf(items).join(',')}}`);
  }
  if (nullable) said.push('nullable:true');
  if (type === 'OBJECT') {
    said.push(`properties:{${isFields(properties) ? schemas(properties) : schemas(schema, true)}}`);
    said.push(...requiredOf(required));
  }
  return [...said, `type:${quoted(type)}`];
}

function itemsOf(items: Fields): string[] {
  return sorted(items)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => {
      if (name === 'properties' && isFields(value)) return `properties:{${schemas(value)}}`;
      if (name === 'required' && Array.isArray(value)) return `required:[${value.map(quoted).join(',')}]`;
      if (name !== 'type') return `${name}:${inQuotes(value)}`;
      const types = Array.isArray(value)
        ? value.map((one) => String(one).toUpperCase())
        : String(value).toUpperCase();
      return `type:${inQuotes(types)}`;
    });
}

const requiredOf = (required: unknown): string[] =>
  Array.isArray(required) && required.length > 0 ? [`required:[${required.map(quoted).join(',')}]`] : [];
