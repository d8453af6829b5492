/** What is typed in a clone only: they start the bot beside local storage, or read and change files of the project. */
const IN_A_CLONE_ONLY: ReadonlySet<string> = new Set(['ask', 'demo', 'dev', 'package', 'parameters', 'train']);

/**
 * The commands that operators type where the bot runs, which lie below `src/cli/`: every one that `package.json` has, but for those of
 * a clone.
 */
export function operatorCommands(scripts: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.values(scripts).flatMap((script) => /^tsx src\/cli\/([a-z-]+)\.ts$/u.exec(script)?.[1] ?? []);
  return files.filter((name) => !IN_A_CLONE_ONLY.has(name)).toSorted();
}
