import { nameOf, pythonJson, unwrapped, type Tool } from 'swift-ts/plugin';

/** What prose says of a tool. */
export interface Described {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** As JSON Schema. */
  readonly parameters: string;
}

export function described(tool: Tool): Described {
  const fields = unwrapped(tool);
  const name = nameOf(tool);
  const { name_for_human: title, description, description_for_model: other, parameters = {} } = fields;
  return {
    name,
    title: typeof title === 'string' && title !== '' ? title : name,
    description: String(description ?? other ?? ''),
    parameters: typeof parameters === 'string' ? parameters : pythonJson(parameters ?? {}),
  };
}

/** Names in a list of choices. */
export const names = (tools: readonly Tool[]): string => tools.map(nameOf).join(',');

/** Tools in the English of ReAct, a paragraph each. */
export const apis = (tools: readonly Tool[]): string =>
  tools
    .map(described)
    .map(
      ({ name, title, description, parameters }) =>
        `${name}: Call this tool to interact with the ${title} API. What is the ${title} API useful for? ${description} ` +
        `Parameters: ${parameters} Format the arguments as a JSON object.`,
    )
    .join('\n\n');
