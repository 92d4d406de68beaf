/** What no config.json of a model says, found before anything is built of it. */
import type { ModelConfig } from '../contracts/model-loader.js';
import { badFile } from '../io/files.js';

/** Ten times the layers of the deepest model there is: building more would take memory and hours, and be for nothing. */
const MOST_LAYERS = 5000;
const LAYERS = ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers'];

/** @throws SwiftError BAD_FILE naming the field */
export function checkConfig(config: ModelConfig, file: string): ModelConfig {
  const fields = config as Readonly<Record<string, unknown>>;
  const { architectures, model_type } = fields;
  const isList = Array.isArray(architectures) && architectures.every((name) => typeof name === 'string');
  const wrong = (field: string, expected: string): Error =>
    badFile(file, `has '${field}' that is not ${expected}`, ['Download the model again.']);
  if (architectures !== undefined && architectures !== null && !isList) {
    throw wrong('architectures', 'a list of names');
  }
  if (model_type !== undefined && model_type !== null && typeof model_type !== 'string') {
    throw wrong('model_type', 'a text');
  }
  const many = LAYERS.find((name) => typeof fields[name] === 'number' && fields[name] > MOST_LAYERS);
  if (many !== undefined) throw wrong(many, `at most ${MOST_LAYERS}`);
  return config;
}
