import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SHARED } from '../schools/profile.js';
import { listPolicies } from './school-folder.js';

/** Names, sizes and times of all files that make up a school, the trust's among them; one that is not there is told from one that is. */
export const fingerprintOf = async (folder: string, id: string): Promise<string> =>
  JSON.stringify(await Promise.all([factsOf(folder, id), factsOf(folder, SHARED)]));

/** The same of one folder, as a list: `school.yaml` first. */
export async function factsOf(folder: string, id: string): Promise<(string | number)[][]> {
  const policies = await listPolicies(folder, id);
  const paths = ['school.yaml', ...policies.map((name) => join('policies', name))];
  return Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(join(folder, id, path)).catch(() => ({ size: -1, mtimeMs: 0 }));
      return [path, size, mtimeMs];
    }),
  );
}
