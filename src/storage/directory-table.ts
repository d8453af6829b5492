import type { Directory, RememberedConversation } from '../schools/directory.js';
import { isNotFound, type Tables } from './tables.js';

const DEADLINE_MS = 2_000;
export const DIRECTORY_TABLE = 'Directory';
const SERVICE_ROW = 'service';

/** What was chosen stands beside what a turn told, so that neither is written over by the other. */
type PlaceRow = Partial<RememberedConversation> & {
  readonly chosenId?: string;
  readonly teamId?: string;
  readonly name?: string;
  readonly chosenBy?: string;
  readonly chosenAt?: Date;
  readonly sentAt?: Date;
};

/**
 * Keeps conversation references in the table `Directory`: partition key the school, row keys `channel~headteacher`,
 * `chat~governors` and `user~<object id>`. The service's address is kept under `tenant~<id>`, as schools may share a tenant.
 */
export function directoryTable(tables: Tables): Directory {
  const table = tables.table(DIRECTORY_TABLE);
  const find = async <T extends object>(partitionKey: string, rowKey: string): Promise<T | undefined> => {
    try {
      return await (await table.client()).getEntity<T>(partitionKey, rowKey, deadline());
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const save = async (partitionKey: string, rowKey: string, values: object): Promise<void> => {
    await (await table.client()).upsertEntity({ partitionKey, rowKey, ...values }, 'Merge', deadline());
  };
  const tenant = (tenantId: string) => `tenant~${tenantId.toLowerCase()}`;
  return {
    async find(schoolId, key) {
      const row = await find<PlaceRow>(schoolId, key);
      if (!row?.conversationId) return undefined;
      return { conversationId: row.conversationId, ...(row.accountId && { accountId: row.accountId }) };
    },
    remember: (schoolId, key, { conversationId, accountId = '' }) => save(schoolId, key, { conversationId, accountId }),
    forget: (schoolId, key) => save(schoolId, key, { conversationId: '', accountId: '' }),
    async chosen(schoolId, key) {
      const row = await find<PlaceRow>(schoolId, key);
      if (!row?.chosenId || !row.chosenAt) return undefined;
      const { chosenId: id, chosenBy = '', chosenAt } = row;
      return { id, teamId: row.teamId || null, name: row.name || null, chosenBy, chosenAt };
    },
    async choose(schoolId, key, { id, teamId, name, chosenBy, chosenAt }) {
      const client = await table.client();
      const chosen = { chosenId: id, teamId: teamId ?? '', name: name ?? '', chosenBy, chosenAt };
      // All of the row is new: what was heard or sent at another place says nothing of this one.
      await client.upsertEntity({ partitionKey: schoolId, rowKey: key, ...chosen }, 'Replace', deadline());
    },
    lastSent: async (schoolId, key) => (await find<PlaceRow>(schoolId, key))?.sentAt,
    noteSent: (schoolId, key, sentAt) => save(schoolId, key, { sentAt }),
    serviceUrl: async (tenantId) => (await find<{ serviceUrl: string }>(tenant(tenantId), SERVICE_ROW))?.serviceUrl,
    rememberServiceUrl: (tenantId, serviceUrl) => save(tenant(tenantId), SERVICE_ROW, { serviceUrl }),
  };
}

const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });
