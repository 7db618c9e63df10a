// Counts what is billed as a row written, in the run that counts: rows of statements, and each
// alarm that is set and each key that is put or deleted. Every write is done when its call returns.
let rows = 0;

export function countRows(storage) {
  replace(storage.sql, "exec", (cursor) => (rows += cursor.rowsWritten));
  for (const name of ["setAlarm", "put", "delete"]) replace(storage, name, () => (rows += 1));
}

export function rowsSoFar() {
  return rows;
}

function replace(owner, name, count) {
  const call = owner[name].bind(owner);
  const value = (...values) => {
    const result = call(...values);
    count(result);
    return result;
  };
  Object.defineProperty(owner, name, { value });
}
