import type { ToolFormat } from 'swift-ts/plugin';

/** Tools as the Hermes models say them, and Qwen after them. */
export const HERMES: ToolFormat = {
  definitions:
    '# Tools\n\nYou may call one or more functions to assist with the user query.\n\n' +
    'You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n{{TOOLS}}\n</tools>\n\n' +
    'For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n' +
    '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>',
  call: '<tool_call>\n{"name": "{{NAME}}", "arguments": {{ARGUMENTS}}}\n</tool_call>',
  result: '<tool_response>\n{{RESULT}}\n</tool_response>',
};
