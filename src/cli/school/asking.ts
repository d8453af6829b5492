import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Whoever answers: a person in a terminal, or lines from elsewhere. */
export interface Asking {
  say(words: string): void;
  /**
   * One line.
   *
   * @param typed what was typed before and has to be mended; in a terminal it stands there again.
   * @returns `undefined` when there are no more lines.
   */
  ask(prompt: string, typed?: string): Promise<string | undefined>;
  close(): void;
}

/** Asks line by line. Lines that come before they are asked for, as from a file, wait. */
export function askFrom(input: Readable & { readonly isTTY?: boolean }, output: Writable): Asking {
  const terminal = input.isTTY === true;
  const lines: Interface = createInterface({ input, output, terminal, crlfDelay: Number.POSITIVE_INFINITY });
  const waiting: string[] = [];
  let over = false;
  let next: (() => void) | undefined;
  lines.on('line', (line) => {
    waiting.push(line);
    next?.();
  });
  lines.on('SIGINT', () => lines.close());
  lines.on('close', () => {
    over = true;
    next?.();
  });
  return {
    say: (words) => void output.write(`${words}\n`),
    async ask(prompt, typed) {
      if (!over) lines.setPrompt(prompt);
      if (!over && terminal) lines.prompt();
      else output.write(prompt);
      if (!over && terminal && typed) lines.write(typed);
      while (waiting.length === 0 && !over)
        await new Promise<void>((resolve) => {
          next = resolve;
        });
      const line = waiting.shift();
      if (!terminal) output.write(`${line ?? ''}\n`);
      return line?.trim();
    },
    close: () => lines.close(),
  };
}
