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
 * @throws SwiftError MISSING_TOKEN for a constructor parameter without @inject, inherited and defaulted ones too:
 *   tsyringe would fill it with undefined
 */
export function provide(target: Class): void {
  const tokens = (Reflect.getOwnMetadata('injectionTokens', target) ?? {}) as object;
  const parameters = parametersOf(target);
  if (parameters.some((_, i) => !(i in tokens))) {
    const bare = parameters.filter((_, i) => !(i in tokens)).map((name) => `'${name}'`);
    throw new SwiftError('MISSING_TOKEN', `${target.name} takes ${bare.join(', ')} without a token`, {
      cure: `Mark each constructor parameter with @inject(TOKEN), in ${target.name} itself.`,
    });
  }
  injectable()(target);
}

/** Constructor parameters as written. A class without a constructor, or one that passes all on, takes its base's. */
function parametersOf(target: Class): string[] {
  const source = Function.prototype.toString.call(target).replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const start = /(?<![.\w])constructor\s*\(/.exec(source);
  const own = start ? splitParameters(source.slice(start.index + start[0].length)) : [];
  const passesOn = own.length === 0 ? source.includes('super(...') : own[0].startsWith('...');
  if (start && !passesOn) return own;
  const base = Object.getPrototypeOf(target) as Class | null;
  return base === null || base === Function.prototype ? own : parametersOf(base);
}

/** The parameters of a list that has just been opened. Function.length does not count defaulted ones. */
function splitParameters(source: string): string[] {
  const parameters = [''];
  let depth = 0;
  for (const [part] of source.matchAll(/'[^']*'|"[^"]*"|`[^`]*`|[\s\S]/g)) {
    if (')]}'.includes(part) && depth-- === 0) break;
    if ('([{'.includes(part)) depth++;
    if (part === ',' && depth === 0) parameters.push('');
    else parameters[parameters.length - 1] += part;
  }
  return parameters.map((text) => text.trim()).filter((text) => text !== '');
}

export function bind<T>(container: Container, token: Token<T>, value: T): void {
  container.registerInstance(token.key, value);
}
