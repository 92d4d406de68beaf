import { expect, test } from 'vitest';
import { stateFields, stateOf } from '../../../core/train/state-file.js';
import { freshState } from '../../../core/train/state.js';

const STATE = {
  ...freshState(30),
  global_step: 20,
  epoch: 1.25,
  best_metric: 0.5,
  best_step: 10,
  evaluations_without_gain: 2,
  log_history: [{ loss: 1.5, learning_rate: 1e-4, 'global_step/max_steps': '20/30' }],
};
const ARGS = { logging_steps: 5, eval_steps: 10, save_steps: 10, batch_size: 4, num_train_epochs: 2 };

/** Every field that TrainerState of Transformers 5.24 has, and no other: its `load_from_json` fails at a stranger. */
const FIELDS =
  `best_global_step best_metric best_model_checkpoint epoch eval_steps global_step is_hyper_param_search
is_local_process_zero is_world_process_zero log_history logging_steps max_steps num_input_tokens_seen num_train_epochs
save_steps stateful_callbacks total_flos train_batch_size trial_name trial_params`.split(/\s+/);

test("the fields are those of Transformers' TrainerState", () => {
  const fields = stateFields(STATE, '/runs/a/checkpoint-20', ARGS);
  expect(Object.keys(fields).sort()).toEqual(FIELDS);
  expect(fields).toMatchObject({
    global_step: 20,
    best_global_step: 10,
    best_model_checkpoint: '/runs/a/checkpoint-10',
    logging_steps: 5,
    eval_steps: 10,
    train_batch_size: 4,
    log_history: [{ step: 20, loss: 1.5 }],
  });
});

test('what is written is read back', () => {
  const read = stateOf(JSON.parse(JSON.stringify(stateFields(STATE, 'run/checkpoint-20', ARGS))), 'x');
  expect(read).toEqual({ ...STATE, log_history: [{ ...STATE.log_history[0], step: 20 }] });
  const fresh = freshState(3);
  expect(stateOf(JSON.parse(JSON.stringify(stateFields(fresh, 'run/checkpoint-0', {}))), 'x')).toEqual(fresh);
});

test.each([
  null,
  [],
  'x',
  {},
  { global_step: 1 },
  { global_step: 1, max_steps: 2, epoch: '1', log_history: [] },
])('%j is no trainer state', (json) => {
  expect(() => stateOf(json, 'there/trainer_state.json')).toThrow(
    /there\/trainer_state\.json is no trainer state/,
  );
});
