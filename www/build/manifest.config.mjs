// Where the custom-elements manifest is read from and written to.
export default {
  globs: ["src/elements/**/*.ts"],
  exclude: ["src/**/*.test.ts"],
  outdir: "../dist/embed",
  litelement: true,
  packagejson: false,
};
