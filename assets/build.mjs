// Compiles the stylesheet, takes over htmx and the reader of square codes; says what each weighs on the wire.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { buildSync } from "esbuild";
import { compile } from "sass";

const here = new URL(".", import.meta.url);
const target = new URL("../app/static/", here);
for (const folder of ["css", "js"]) mkdirSync(new URL(folder, target), { recursive: true });

for (const sheet of ["cvms", "kiosk"]) {
  const { css } = compile(new URL(`sass/${sheet}.scss`, here).pathname, {
    style: "compressed",
    loadPaths: [new URL("node_modules/@uswds/uswds/packages", here).pathname],
    quietDeps: true,
  });
  const fetched = (css.match(/url\([^)]{0,40}/g) ?? []).filter((url) => !/^url\(["']?data:/.test(url));
  if (fetched.length) throw new Error(`The stylesheet would fetch files: ${fetched.join(", ")}`);
  writeFileSync(new URL(`css/${sheet}.css`, target), css + "\n");
}

const htmx = readFileSync(new URL("node_modules/htmx.org/dist/htmx.min.js", here), "utf8");
writeFileSync(new URL("js/htmx.min.js", target), htmx.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
copyFileSync(new URL("node_modules/htmx.org/LICENSE", here), new URL("js/htmx.LICENSE", target));

buildSync({
  stdin: { contents: 'export { decodeQR } from "qr/decode.js";', resolveDir: here.pathname },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  outfile: new URL("js/read-codes.js", target).pathname,
});
copyFileSync(new URL("node_modules/qr/LICENSE", here), new URL("js/read-codes.LICENSE", target));

for (const name of ["css/cvms.css", "css/kiosk.css", "js/htmx.min.js", "js/cvms.js", "js/kiosk.js", "js/kiosk-worker.js", "js/scan.js", "js/read-codes.js"]) {
  const bytes = readFileSync(new URL(name, target));
  console.log(`${name}: ${bytes.length} bytes, ${brotliCompressSync(bytes).length} with brotli`);
}
