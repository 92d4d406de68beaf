import { expect, test } from 'vitest';
import { Linear, Module } from '../../../core/nn/index.js';

class Inner extends Module {
  up_proj = new Linear(2, 3);
}

class Outer extends Module {
  override names = { inner: '' };
  inner = new Inner();
  gate = new Linear(2, 1);
}

test('a module without a name of its own keeps its parts one level up, where they can be replaced', () => {
  const outer = new Outer();
  expect([...outer.namedParameters('mlp.')].map(([name]) => name)).toEqual([
    'mlp.up_proj.weight',
    'mlp.gate.weight',
  ]);
  const wider = new Linear(2, 5);
  outer.replace('up_proj', wider);
  expect(outer.inner.up_proj).toBe(wider);
  expect(() => outer.replace('down_proj', wider)).toThrow("no module 'down_proj' to replace");
});
