import { AdaptiveCards, Application, MessageExtensions } from '@microsoft/teams-ai';

/** A selector that the bot was given, which decides whether a turn is for its handler. */
export interface Command {
  /** The line of the source that registered it, such as `case-lists.ts:78`. */
  readonly at: string;
  taken: number;
}

/** Everything that turns can start, as the bot's own code registers it. */
export interface Registrations {
  /** Of buttons, by verb. */
  readonly verbs: Set<string>;
  /** Words typed, searches and events. */
  readonly commands: Map<string, Command>;
}

/** Notes from now on, for every bot that is made in this process, what it registers and which of that is used. */
export function noteRegistrations(): Registrations {
  const found: Registrations = { verbs: new Set(), commands: new Map() };
  for (const method of ['actionExecute', 'actionSubmit'] as const)
    around(AdaptiveCards.prototype, method, (verb) => {
      found.verbs.add(String(verb));
    });
  for (const [target, method] of [
    [Application.prototype, 'activity'],
    [MessageExtensions.prototype, 'query'],
  ] as const)
    around(target, method, (_selector, handler) => {
      const at = callerOf(new Error().stack ?? '');
      const command = found.commands.get(at) ?? { at, taken: 0 };
      found.commands.set(at, command);
      return (...args: readonly unknown[]) => {
        command.taken += 1;
        return (handler as (...args: readonly unknown[]) => unknown)(...args);
      };
    });
  return found;
}

/** @param note may give another handler in place of the one that is registered. */
function around(target: object, method: string, note: (what: unknown, handler: unknown) => unknown): void {
  const real = Reflect.get(target, method) as (...args: readonly unknown[]) => unknown;
  Reflect.set(target, method, function (this: unknown, what: unknown, handler: unknown) {
    return real.call(this, what, note(what, handler) ?? handler);
  });
}

const callerOf = (stack: string): string => /src\/teams\/([\w-]+\.ts:\d+)/u.exec(stack)?.[1] ?? 'somewhere';
