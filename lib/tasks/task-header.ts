/** A call with this header belongs to the task whose id it has. */
export const taskHeader = 'x-openledger-task';
