// The browser tests stand outside `www`, where no package is found by its name: they import the
// runner by its path, which has no declarations beside it.

declare module "*/@playwright/test/index.mjs" {
  export * from "@playwright/test";
}
