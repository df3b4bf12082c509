// Where the custom-elements manifest is read from, and what of it is public.
// It deliberately leaves out the inner elements: hosts build on `<retention-calculator>` alone.

const PUBLIC_TAG = "retention-calculator";

export default {
  globs: ["src/elements/**/*.ts"],
  exclude: ["src/**/*.test.ts"],
  outdir: "../dist/embed",
  litelement: true,
  packagejson: false,
  plugins: [
    {
      name: "public-element-only",
      packageLinkPhase({ customElementsManifest: manifest }) {
        const isPublic = ({ tagName, name }) => tagName === PUBLIC_TAG || name === PUBLIC_TAG;
        manifest.modules = manifest.modules.filter(
          ({ declarations = [], exports = [] }) =>
            declarations.some(isPublic) || exports.some(isPublic),
        );
        for (const module of manifest.modules) {
          for (const { members } of module.declarations ?? []) {
            for (const member of members ?? []) if (member.static) delete member.default;
          }
        }
      },
    },
  ],
};
