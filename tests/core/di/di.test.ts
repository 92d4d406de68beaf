import { describe, expect, test } from 'vitest';
import { bind, createContainer, inject, provide, type Class } from '../../../core/di.js';
import { HUB, LOG } from '../../../core/tokens.js';

function refusal(target: Class): string {
  try {
    provide(target);
  } catch (error) {
    expect(error).toMatchObject({ name: 'SwiftError', code: 'MISSING_TOKEN' });
    return (error as Error).message;
  }
  return 'accepted';
}

class Base {
  constructor(readonly first: string) {}
}

class Marked {
  constructor(@inject(HUB) readonly hub: unknown) {}
}

describe('a parameter without a token is refused', () => {
  test('bare', () => {
    class Bare {
      constructor(
        @inject(HUB) readonly hub: unknown,
        readonly count: number,
      ) {}
    }
    expect(refusal(Bare)).toBe("Bare takes 'count' without a token");
  });

  test('bare before one with a token', () => {
    class Hole {
      constructor(
        readonly count: number,
        @inject(HUB) readonly hub: unknown,
      ) {}
    }
    expect(refusal(Hole)).toBe("Hole takes 'count' without a token");
  });

  test('defaulted, which Function.length does not count', () => {
    class Defaulted {
      constructor(readonly options = { retries: [1, 2], name: 'a, b)' }) {}
    }
    expect(refusal(Defaulted)).toMatch(/^Defaulted takes 'options = /);
  });

  test('inherited, over any distance', () => {
    class Child extends Base {}
    class GrandChild extends Child {}
    expect(refusal(Child)).toBe("Child takes 'first' without a token");
    expect(refusal(GrandChild)).toBe("GrandChild takes 'first' without a token");
  });

  test('inherited with a token of the base, which tsyringe does not see', () => {
    class Child extends Marked {}
    expect(refusal(Child)).toBe("Child takes 'hub' without a token");
  });

  test('passed on unseen', () => {
    class Forwarding extends Base {
      constructor(...all: [string]) {
        super(...all);
      }
    }
    expect(refusal(Forwarding)).toBe("Forwarding takes 'first' without a token");
  });
});

describe('accepted', () => {
  test('no constructor, and one that feeds its base itself', () => {
    class Plain {}
    class Feeding extends Base {
      constructor() {
        super('given');
      }
    }
    expect([refusal(Plain), refusal(Feeding)]).toEqual(['accepted', 'accepted']);
    expect(createContainer().resolve(Feeding).first).toBe('given');
  });

  test('every parameter by token: containers answer each with their own', () => {
    class Wired {
      constructor(
        @inject(HUB) readonly hub: unknown,
        @inject(LOG) readonly log: unknown,
      ) {}
    }
    provide(Wired);
    const [a, b] = [createContainer(), createContainer()];
    bind(a, HUB, 'hub a' as never);
    bind(a, LOG, 'log a' as never);
    bind(b, HUB, 'hub b' as never);
    bind(b, LOG, 'log b' as never);
    expect([a.resolve(Wired).hub, b.resolve(Wired).log]).toEqual(['hub a', 'log b']);
  });
});
