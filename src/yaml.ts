import { Lexer, Parser, parse } from 'yaml';

/** What schools tell of themselves nests four levels deep. */
const DEEPEST = 40;
/** Characters, about a thousand people, and as many of anything in one list: what is put together from more takes minutes. */
const LONGEST = { text: 128 * 1024, list: 2_000 };

/**
 * Reads YAML. What is nested without end is refused before it is put together, which is done by a function that calls itself for
 * each level, and on a full stack can end the process. Aliases are followed a hundred times at most.
 *
 * @throws what is wrong with it.
 */
export function parseYaml(source: string): unknown {
  if (source.length > LONGEST.text) throw new SyntaxError('It is too long.');
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(source)) {
    // What it makes of it is not looked at here, but must be asked for.
    for (const _part of parser.next(lexeme));
    if (parser.stack.length > DEEPEST) throw new SyntaxError('It is nested too deeply.');
    if ([parser.stack[0], parser.stack.at(-1)].some((part) => part && hasLongList(part)))
      throw new SyntaxError('A list in it is too long.');
  }
  // Warnings would quote it on the console.
  return parse(source, { logLevel: 'error' });
}

const hasLongList = (part: object): boolean =>
  Object.values(part).some((value) => Array.isArray(value) && value.length > LONGEST.list);
