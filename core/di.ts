/** The dependency-injection container, with the guard that tsyringe lacks. Nothing else imports tsyringe. */
import 'reflect-metadata';
import { container as root, inject as tsyringeInject, injectable, type DependencyContainer } from 'tsyringe';
import { SwiftError } from './errors.js';
import type { Token } from './tokens.js';

export type Container = DependencyContainer;
export type Class<T = unknown> = new (...dependencies: never[]) => T;

/** A fresh container; a run owns one, tests swap tokens in one. */
export function createContainer(): Container {
  return root.createChildContainer();
}

/** Asks for a dependency of a plugin's constructor. */
export function inject<T>(token: Token<T>): ParameterDecorator {
  return tsyringeInject(token.key) as ParameterDecorator;
}

/**
 * Makes a class constructible by the container.
 * @throws SwiftError MISSING_TOKEN for a constructor parameter without @inject, which tsyringe would fill with
 *   undefined, also for one inherited from a base class
 */
export function provide(target: Class): void {
  const tokens = (Reflect.getOwnMetadata('injectionTokens', target) ?? {}) as object;
  const base = Object.getPrototypeOf(target) as { length?: number };
  const wanted = Math.max(target.length, base.length ?? 0);
  if (Object.keys(tokens).length < wanted) {
    throw new SwiftError(
      'MISSING_TOKEN',
      `${target.name} takes ${wanted} constructor parameters, not all by token`,
      {
        cure: `Mark each with @inject(TOKEN), in ${target.name} itself.`,
      },
    );
  }
  injectable()(target);
}

export function bind<T>(container: Container, token: Token<T>, value: T): void {
  container.registerInstance(token.key, value);
}
