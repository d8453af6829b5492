import { AppError } from '../errors.js';
import type { Policy } from '../policies/policy.js';
import type { School } from '../schools/school.js';
import { readProfile, readSchool, refuseDouble } from './school-folder.js';

const NOBODY =
  'No other school is used either until it can be read, as its people might be taken for another school’s. Where schools share a tenant, write "tenantIsShared: true" in the school.yaml of each, and they do not depend on one another.';

/** What became of each school's folder: the schools that can be answered from, and why the others cannot. */
export interface FirstReading {
  readonly schools: readonly School[];
  /** By id. */
  readonly faults: ReadonlyMap<string, AppError>;
}

/**
 * Reads all schools at the start. One that cannot be read keeps no other from being served, unless its people might then be taken
 * for another school's: where that other one would be alone in a tenant that its profile does not say is shared.
 *
 * @param trusts the trust's policies.
 * @throws {AppError} why a school cannot be read, when nobody could be served, or not safely.
 */
export async function readAtStart(
  folder: string,
  ids: readonly string[],
  trusts: readonly Policy[],
): Promise<FirstReading> {
  const faults = new Map<string, AppError>();
  const attempt = async (id: string, work: () => Promise<School> | School): Promise<School[]> => {
    try {
      return [await work()];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      faults.set(id, error);
      return [];
    }
  };
  const read = (await Promise.all(ids.map((id) => attempt(id, () => readSchool(folder, id, trusts))))).flat();
  const apart = read.map((school) =>
    attempt(school.profile.id, () => {
      refuseDouble(school, read);
      return school;
    }),
  );
  const schools = (await Promise.all(apart)).flat();
  for (const [id, fault] of faults) {
    if (schools.length === 0) throw fault;
    if (await mayBeMistaken(folder, id, schools))
      throw new AppError(fault.code, `${fault.message}\n${NOBODY}`, { cause: fault });
  }
  return { schools, faults };
}

/** Whether those of a school that is not served might be taken for those of one that is. */
async function mayBeMistaken(folder: string, id: string, served: readonly School[]): Promise<boolean> {
  const profile = await readProfile(folder, id).catch(() => undefined);
  const sameTenant = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  return served.some(({ profile: { tenantId, tenantIsShared } }) => {
    const inTenant = served.filter((other) => sameTenant(other.profile.tenantId, tenantId)).length;
    return inTenant === 1 && !tenantIsShared && (!profile || sameTenant(profile.tenantId, tenantId));
  });
}
