import { readFile } from 'node:fs/promises';
import { AppError } from '../../errors.js';
import type { Account } from '../../schools/check-accounts.js';
import { parseCsv } from './csv.js';

/** How lists that Entra gives head their columns; spaces and capitals do not count. */
const COLUMNS = {
  id: ['id', 'objectid'],
  name: ['displayname', 'name'],
  enabled: ['accountenabled', 'enabled', 'blockcredential'],
} as const;

/**
 * Reads a list of a tenant's accounts, as the Entra admin centre gives it: Users > All users > Download users.
 *
 * @throws {AppError} `bad_arguments` when it cannot be read, or has no column with the ids or the names.
 */
export async function readAccounts(path: string): Promise<readonly Account[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('bad_arguments', `The list of accounts, "${path}", cannot be read.`, { cause });
  });
  const [head = [], ...rows] = parseCsv(text);
  const names = head.map((cell) => cell.replace(/[^a-z]/giu, '').toLowerCase());
  const columnOf = (known: readonly string[]) => names.findIndex((name) => known.includes(name));
  const [id, name, enabled] = [columnOf(COLUMNS.id), columnOf(COLUMNS.name), columnOf(COLUMNS.enabled)];
  if (id < 0 || name < 0)
    throw new AppError(
      'bad_arguments',
      `"${path}" has no columns "id" and "displayName". Download it anew in the Entra admin centre: Users > All users > Download users.`,
    );
  const isBlocked = (cell = '') => (names[enabled] === 'blockcredential' ? /^true$/iu : /^false$/iu).test(cell.trim());
  return rows.flatMap((row) =>
    row[id] ? [{ id: row[id].trim(), name: (row[name] ?? '').trim(), enabled: !isBlocked(row[enabled]) }] : [],
  );
}
