// The parts of this project's report that hold the common result of each shape.

export const PARTS = {
  transactions: ["cohorts", "purchases"],
  mrr: ["periods"],
  subscriptions: ["periods", "survival"],
};
