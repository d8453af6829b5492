import type { Directory, RememberedConversation } from '../schools/directory.js';
import { isNotFound, type Tables } from './tables.js';

const DEADLINE_MS = 2_000;
const TABLE = 'Directory';
const SERVICE_ROW = 'service';

/**
 * Keeps conversation references in the table `Directory`: partition key the school, row keys `channel~headteacher`,
 * `chat~governors` and `user~<object id>`. The service's address is kept under `tenant~<id>`, as schools may share a tenant.
 */
export function directoryTable(tables: Tables): Directory {
  const table = tables.table(TABLE);
  const deadline = () => ({ abortSignal: AbortSignal.timeout(DEADLINE_MS) });
  const find = async <T extends object>(partitionKey: string, rowKey: string): Promise<T | undefined> => {
    try {
      return await (await table.client()).getEntity<T>(partitionKey, rowKey, deadline());
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const save = async (partitionKey: string, rowKey: string, values: object): Promise<void> => {
    await (await table.client()).upsertEntity({ partitionKey, rowKey, ...values }, 'Replace', deadline());
  };
  const tenant = (tenantId: string) => `tenant~${tenantId.toLowerCase()}`;
  return {
    async find(schoolId, key) {
      const row = await find<RememberedConversation>(schoolId, key);
      return row && { conversationId: row.conversationId, ...(row.accountId && { accountId: row.accountId }) };
    },
    remember: (schoolId, key, conversation) => save(schoolId, key, conversation),
    serviceUrl: async (tenantId) => (await find<{ serviceUrl: string }>(tenant(tenantId), SERVICE_ROW))?.serviceUrl,
    rememberServiceUrl: (tenantId, serviceUrl) => save(tenant(tenantId), SERVICE_ROW, { serviceUrl }),
  };
}
