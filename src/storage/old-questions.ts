import { odata } from '@azure/data-tables';
import type { QuestionRemoval } from '../policies/question-log.js';
import { PACK_SPAN_MS, rowKeyAt, TABLE } from './question-table.js';
import { removeRows } from './removal.js';
import type { Tables } from './tables.js';

/** Removes old questions from one school's partition of the table `Questions`, a pack at a time. */
export function oldQuestions(tables: Tables): QuestionRemoval {
  const table = tables.table(TABLE);
  return {
    removeBefore(schoolId, time) {
      // A pack is named by its first question, and the others may be as much later.
      const end = rowKeyAt(new Date(time.getTime() - PACK_SPAN_MS));
      return removeRows(table, schoolId, odata`PartitionKey eq ${schoolId} and RowKey lt ${end}`);
    },
  };
}
